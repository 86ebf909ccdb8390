"""Delivery reports as mail servers write them, about a mail that really left: its headers are put
in as they were sent.
"""

from email.utils import format_datetime

from .common import NOW

POSTFIX = """From: MAILER-DAEMON@mx.other.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="6F2.17/mx"

--6F2.17/mx
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.other.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{address}>: host in.other.example[192.0.2.7] said: {words} (in reply to RCPT TO command)

--6F2.17/mx
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.other.example
X-Postfix-Queue-ID: 6F2173F
X-Postfix-Sender: rfc822; bounce@company.example
Arrival-Date: Sat, 21 Nov 2026 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; in.other.example
Diagnostic-Code: smtp; {words}

--6F2.17/mx
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

{headers}

--6F2.17/mx--
"""

EXCHANGE = """From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc@other.example>
Subject: Undeliverable: Our answer
Content-Type: multipart/report; report-type=delivery-status; boundary="_e_"
Content-Language: en-US
X-MS-Exchange-Message-Is-Ndr:
Auto-Submitted: auto-replied

--_e_
Content-Type: multipart/alternative; boundary="_f_"

--_f_
Content-Type: text/plain; charset="us-ascii"

Delivery has failed to these recipients or groups:
{address}<mailto:{address}>
The email address you entered couldn't be found.

--_f_
Content-Type: text/html; charset="us-ascii"

<html><body><p>Delivery has failed to these recipients or groups:</p><p>{address}</p></body></html>

--_f_--

--_e_
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.other.example
Received-From-MTA: dns;mx.company.example
Arrival-Date: Sat, 21 Nov 2026 10:00:00 +0000

Original-Recipient: rfc822;{address}
Final-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;{words}
X-Display-Name: {address}

--_e_
Content-Type: message/rfc822

{headers}

text
--_e_--
"""

GMAIL = """From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
In-Reply-To: {message_id}
References: {message_id}
X-Failed-Recipients: {address}
Content-Type: multipart/report; boundary="0000g"; report-type=delivery-status

--0000g
Content-Type: multipart/related; boundary="0000h"

--0000h
Content-Type: text/plain; charset="UTF-8"

** Address not found **
Your message wasn't delivered to {address} because the address couldn't be found.

--0000h--

--0000g
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Arrival-Date: Sat, 21 Nov 2026 02:00:00 -0800 (PST)

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.27, the server for the domain.)
Diagnostic-Code: smtp; {words}

--0000g
Content-Type: message/rfc822

{headers}

text
--0000g--
"""

EXIM = """From: Mail Delivery System <Mailer-Daemon@mx.other.example>
Auto-Submitted: auto-replied
X-Failed-Recipients: {address}
Subject: Mail delivery failed: returning message to sender
Content-Type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {address}
    host in.other.example [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<{address}>:
    {words}

------ This is a copy of the message, including all the headers. ------

{headers}

text
"""

QMAIL = """From: MAILER-DAEMON@mx.other.example
Subject: failure notice
Content-Type: text/plain; charset=us-ascii

Hi. This is the qmail-send program at mx.other.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{address}>:
{words} (#{status})

--- Below this line is a copy of the message.

{headers}

text
"""

MAIL_RU = """From: Mailer-Daemon@corp.mail.ru
Auto-Submitted: auto-replied
X-Failed-Recipients: {address}
Subject: Mail failure.
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Это письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.

К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:

**********************
{address}
{words}
**********************

------ This is a copy of the message, including all the headers. ------

{headers}
"""

YANDEX = POSTFIX.replace(
    "MAILER-DAEMON@mx.other.example (Mail Delivery System)", "mailer-daemon@yandex.ru"
).replace("Undelivered Mail Returned to Sender", "Недоставленное сообщение")

NO_SUCH_USER = {
    "postfix": (POSTFIX, "5.1.1", "550 5.1.1 <{address}>: User unknown in table"),
    "exchange": (
        EXCHANGE, "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found",
    ),
    "gmail": (
        GMAIL, "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist.",
    ),
    "exim": (EXIM, "", "550 No such user here"),
    "qmail": (QMAIL, "5.1.1", "Sorry, no mailbox here by that name."),
    "yandex": (YANDEX, "5.7.1", "550 5.7.1 No such user!"),
    "mail.ru": (MAIL_RU, "", "Message was not accepted -- invalid mailbox. User not found"),
}  # fmt: skip
"""``name: (format, status, words)`` of servers that say that nobody is there."""


def build_report(
    headers,
    address="ann@customer.example",
    status="5.1.1",
    words="550 5.1.1 <{address}>: Recipient address rejected: User unknown",
    form=POSTFIX,
    action="failed",
    number=1,
    to="support@company.example",
):
    """The bytes of a report.

    :param headers: text of the headers of the mail that came back
    :param number: reports of the same number are the same mail
    """
    lines = headers.splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line[:11].lower() == "message-id:")
    form = form.format(
        address=address,
        status=status,
        words=words.format(address=address),
        action=action,
        headers=headers.strip(),
        message_id=next(named, ""),
    )
    head = [
        f"Message-ID: <report-{number}@mx.other.example>",
        f"To: {to}",
        f"Date: {format_datetime(NOW)}",
        "Return-Path: <>",
        "Received: from mx.other.example by mx.company.example",
        "MIME-Version: 1.0",
        "",
    ]
    return ("\r\n".join(head) + "\r\n".join(form.splitlines())).encode()
