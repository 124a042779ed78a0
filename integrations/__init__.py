"""The outside world behind protocols: the assistant, channels, shops, knowledge."""
