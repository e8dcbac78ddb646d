"""What a device says on its USB serial port: the listening-mode console, and the application's output."""
