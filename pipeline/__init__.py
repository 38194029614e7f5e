"""duibiao 对标: plans of Chinese governments in, rows of commitments with their evidence out."""

__version__ = "0.1.0"
