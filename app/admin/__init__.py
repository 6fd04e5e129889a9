"""The staff's API: everything about one workshop lies below `/api/admin/workshops/{workshop_id}`."""
