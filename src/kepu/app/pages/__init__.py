"""The communicator's and the reader's pages."""
