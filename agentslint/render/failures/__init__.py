"""Why a render fails, and where it is to be mended."""
