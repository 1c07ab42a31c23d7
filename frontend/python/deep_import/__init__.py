"""Reads WhatsApp's databases of iOS and of old Android in the browser, with the library `whatsapp-chat-exporter`."""

from deep_import.no_pages import leave_out_pages

leave_out_pages()
