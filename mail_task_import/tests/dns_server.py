"""A name server on loopback that answers with the TXT records it is given, and a signer of mail."""

import base64
import socket
import threading
from contextlib import contextmanager
from unittest.mock import patch

import dkim
import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


class DnsServer:
    """``with DnsServer({"name.": "text"}) as server``: this process asks it and no other.

    :ivar asked: names, in order
    :ivar silent: True: it says nothing
    """

    def __init__(self, texts):
        self._texts = texts
        self.asked = []
        self.silent = False

    def __enter__(self):
        self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = self._socket.getsockname()[1]
        self._patch = patch.object(dns.resolver, "default_resolver", resolver)
        self._patch.start()
        return self

    def __exit__(self, *_exc_info):
        self._patch.stop()
        self._socket.close()

    def _serve(self):
        while True:
            try:
                wire, client = self._socket.recvfrom(4096)
            except OSError:
                return
            question = dns.message.from_wire(wire)
            name = question.question[0].name
            self.asked.append(name.to_text())
            if not self.silent:
                self._socket.sendto(self._answer(question, name).to_wire(), client)

    def _answer(self, question, name):
        answer = dns.message.make_response(question)
        text = self._texts.get(name.to_text())
        if text is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            parts = " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", parts))
        return answer


class Signer:
    """A domain that signs mail: ``sign``; its key is ``record``, at ``name``."""

    def __init__(self, domain, selector="key"):
        self._domain, self._selector = domain.encode(), selector.encode()
        key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        self._private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.name = f"{selector}._domainkey.{domain}."
        self.record = f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"

    def sign(self, raw, headers=("from", "to", "subject"), **options):
        names = [name.encode() for name in headers]
        return (
            dkim.sign(
                raw, self._selector, self._domain, self._private,
                canonicalize=(b"relaxed", b"relaxed"), include_headers=names, **options,
            )
            + raw
        )  # fmt: skip


@contextmanager
def names_of(*signers):
    """The keys of these can be asked for."""
    with DnsServer({signer.name: signer.record for signer in signers}) as server:
        yield server
