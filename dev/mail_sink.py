"""An SMTP server that delivers nothing: each mail becomes a file to look at.

Usage: mail_sink.py PORT FOLDER
"""

import asyncio
import sys
from datetime import datetime
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller


class Sink:
    """Writes what arrives as numbered .eml files, oldest first by name."""

    def __init__(self, folder):
        self.folder = folder
        self.number = count(1)

    async def handle_DATA(self, server, session, envelope):
        name = f"{datetime.now():%Y%m%d-%H%M%S}-{next(self.number):04d}.eml"
        # The envelope says who really gets it (Bcc is in no header).
        recipients = ", ".join(envelope.rcpt_tos)
        head = (
            f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n"
        )
        partial = self.folder / f".{name}"
        partial.write_bytes(head.encode() + envelope.content)
        partial.rename(self.folder / name)
        return "250 kept"


def main(port, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(Sink(folder), hostname="127.0.0.1", port=int(port))
    controller.start()
    try:
        asyncio.new_event_loop().run_forever()
    except KeyboardInterrupt:
        controller.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
