"""The lab: what is asked, predicted, locked and defended."""
