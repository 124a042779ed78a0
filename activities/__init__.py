"""The verbs that the workflows call, one file per subject."""
