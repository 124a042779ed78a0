"""A public store's requests (tau-bench retail) on the real path: policy, flow, local shop."""
