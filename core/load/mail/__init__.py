"""E-mails, mail folders and Outlook's files: heads, bodies, and the files attached."""
