"""Provider webhooks: signed requests in, words out."""
