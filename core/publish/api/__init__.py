"""The API: other programs ask an assistant, search its sources and change them, with a key of its owner's."""
