"""The bootloader end of DFU: state machines by family, and the memories behind them."""
