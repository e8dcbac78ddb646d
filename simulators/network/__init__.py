"""How a device reaches the network: the air around it, its Wi-Fi radio, its modem, its Ethernet port."""
