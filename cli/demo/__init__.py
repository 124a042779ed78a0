"""The demo: the main job, end to end, played by customers, agents and an operator over public surfaces."""
