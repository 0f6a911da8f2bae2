"""The communicator's and the reader's pages: what joins the rooms below."""
