"""`publisher preview`: drafts of the pages on 127.0.0.1, made anew on a change, with what there is to say."""
