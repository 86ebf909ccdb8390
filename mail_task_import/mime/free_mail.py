"""Domains that give addresses to anybody: sharing one says nothing of two people."""

_BRANDS = frozenset(
    str.split(
        "aol fastmail gmail gmx googlemail hotmail icloud live mail msn outlook proton protonmail "
        "rambler rediffmail tutanota yahoo yandex ymail zoho"
    )
)
"""The first label, in whatever country: yahoo.com, yahoo.co.uk."""
_DOMAINS = frozenset(
    str.split(
        "126.com 139.com 163.com 189.cn abv.bg alice.it aliyun.com arcor.de att.net bbox.fr "
        "bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br btinternet.com centrum.cz club- "
        "internet.fr comcast.net cox.net email.com email.cz fastmail.fm foxmail.com free.fr "
        "freemail.hu freenet.de gmx.net hanmail.net hey.com home.nl hushmail.com ig.com.br "
        "inbox.com inbox.lv inbox.ru interia.pl internet.ru kpnmail.nl laposte.net libero.it "
        "list.ru mac.com me.com nate.com naver.com neuf.fr numericable.fr o2.pl onet.pl "
        "online.de op.pl optusnet.com.au orange.fr planet.nl pm.me posteo.de qq.com "
        "rocketmail.com rogers.com sapo.pt sbcglobal.net scarlet.be seznam.cz sfr.fr shaw.ca "
        "sina.cn sina.com sky.com skynet.be sohu.com sympatico.ca t-online.de talktalk.net "
        "telenet.be terra.com.br tin.it tiscali.it tuta.com tuta.io ukr.net uol.com.br "
        "verizon.net videotron.ca virgilio.it virginmedia.com wanadoo.fr web.de windowslive.com "
        "wp.pl xs4all.nl ya.ru yeah.net ziggo.nl"
    )
)


def is_free_mail(domain):
    label, _dot, rest = domain.partition(".")
    return domain in _DOMAINS or (label in _BRANDS and len(rest) <= len("com.br"))
