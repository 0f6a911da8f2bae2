"""积分商城: items with stock, exchanged for points through the ledger and handed over."""
