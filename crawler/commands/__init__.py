"""The commands of `wiesci`, by whom they serve; crawler.cli gathers them."""
