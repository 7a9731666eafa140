"""WebSub (W3C, 2018), the subscriber's side: hubs announce, polls fetch."""
