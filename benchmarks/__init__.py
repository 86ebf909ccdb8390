"""Our importer beside the host's own: same mails, same server, same kind of database."""
