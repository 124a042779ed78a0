"""The brand's articles."""
