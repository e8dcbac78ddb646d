"""One module a command: words in, a result out."""
