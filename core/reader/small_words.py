"""The small words of six languages in English: those that ask, or have no meaning that a vector could tell."""

from collections.abc import Mapping

_SMALL_WORDS = {
    "de": """
        wer=who wem=whom wen=whom wessen=whose was=what wo=where woher=from where wohin=where to wann=when warum=why
        wieso=why weshalb=why wie=how viel=much viele=many wieviel=how much wieviele=how many welche=which
        welcher=which welches=which welchen=which welchem=which wofür=for what womit=with what wozu=what for worauf=on
        what lange=long lang=long oft=often weit=far ich=i du=you er=he sie=they wir=we ihr=you man=one mich=me mir=me
        dich=you dir=you uns=us euch=you ihm=him ihn=him ihnen=you mein=my meine=my meinen=my meinem=my meiner=my
        meins=mine dein=your deine=your sein=his seine=his ihre=your ihren=your ihrem=your unser=our unsere=our
        unseren=our euer=your eure=your eurem=your euren=your der= die= das= den= dem= des= ein=a eine=a einen=a
        einem=a einer=a eines=a kein=no keine=no keinen=no keinem=no keiner=nobody nicht=not nichts=nothing nie=never
        und=and oder=or aber=but wenn=if ob=whether falls=if weil=because dass=that damit=so that als=when denn= doch=
        mal= eigentlich= bitte=please ja=yes nein=no mit=with ohne=without für=for von=of vom=of zu=to zum=to zur=to
        nach=to in=in im=in ins=into auf=on am=on an=on bei=at beim=at aus=from bis=until ab=from seit=since
        vor=before über=about unter=under um=at durch=by gegen=against zwischen=between während=during wegen=because
        of pro=per je=per trotz=despite hinter=behind neben=beside noch=still schon=already auch=also nur=only
        sehr=very mehr=more weniger=less alle=all alles=everything jeder=every jede=every jeden=every beide=both
        etwas=something jemand=someone andere=other anderen=other anderes=other selbst=myself selber=myself hier=here
        dort=there da=there dann=then jetzt=now gleich=right away sofort=immediately bald=soon immer=always
        wieder=again zurück=back weg=away raus=out rein=in rauf=up runter=down los= ist=is sind=are bin=am bist=are
        war=was waren=were wird=is werden=be wurde=was würde=would kann=can kannst=can können=can könnt=can
        könnte=could darf=may dürfen=may dürft=may muss=must müssen=must müsst=must soll=should sollen=should
        sollte=should will=want wollen=want wollt=want möchte=want mag=like habe=have hab=have hast=have hat=has
        haben=have habt=have hatte=had hätte=would have gibt=give gibts=is there es=it geht=works gehts=works
        komme=come kommt=comes kriege=get krieg=get kriegt=get bekomme=get bekommt=get bekommen=get brauche=need
        brauch=need braucht=need kostet=cost kosten=cost dauert=take long dauern=take long macht=does machen=do
        mache=do heißt=means bedeutet=means meint=means bringt=brings nehmt=take nehmen=take passiert=happens
        gilt=applies gelten=apply heute=today morgen=tomorrow gestern=yesterday früh=early spät=late""",
    "es": """
        qué=what que=that cuál=which cual=which cuáles=which quién=who quien=who quiénes=who cuándo=when cuando=when
        dónde=where donde=where adónde=where to cómo=how como=how cuánto=how much cuanto=how much cuánta=how much
        cuántos=how many cuántas=how many cuantos=how many por=for para=for porqué=why yo=i tú=you él=he ella=she
        ello=it nosotros=we ustedes=you vosotros=you usted=you me=me te=you se= nos=us os=you le=him les=them lo=it
        la= el= los= las= un=a una=a unos=some unas=some mi=my mis=my tu=your tus=your su=your sus=your nuestro=our
        nuestra=our vuestro=your vuestra=your mío=mine no=not ni=nor sí=yes si=if y=and e=and o=or u=or pero=but
        porque=because aunque=although con=with sin=without de=of del=of a=to al=to en=in desde=from hasta=until
        entre=between sobre=about bajo=under tras=after durante=during según=according contra=against ya=already
        aún=still todavía=still también=also solo=only sólo=only muy=very más=more menos=less todo=all todos=all
        toda=all todas=all cada=every ambos=both algo=something alguien=someone nadie=nobody nada=nothing nunca=never
        siempre=always tiempo=time otro=other otra=other otros=other otras=other mismo=same misma=same aquí=here
        allí=there ahora=now luego=then después=after antes=before pronto=soon vez=time veces=times es=is son=are
        soy=am eres=are está=is están=are estoy=am fue=was era=was ser=be estar=be sea=is puede=can puedo=can
        pueden=can puedes=can podemos=can podéis=can podría=could debo=must debe=must deben=must debemos=must
        tengo=have tiene=has tienen=have tienes=have tenemos=have tenéis=have hay=is there he=have ha=has han=have
        has=have hace=does hacer=do hacen=do hago=do quiero=want quiere=want queremos=want quisiera=want necesito=need
        necesita=need necesitan=need doy=give dan=give da=gives dar=give cuesta=cost cuestan=cost vale=cost valen=cost
        tarda=take long tardan=take long tardáis=take long dura=last pasa=happens pasaría=happens significa=means
        va=goes voy=go ir=go llega=arrives cobra=charge cobran=charge cobráis=charge pagan=pay hoy=today
        mañana=tomorrow ayer=yesterday temprano=early tarde=late""",
    "fr": """
        que=what qu= quoi=what quel=which quelle=which quels=which quelles=which qui=who quand=when où=where
        comment=how pourquoi=why combien=how much est=is ce=it cet=this cette=this ces=these c=it ça=it cela=it je=i
        j=i tu=you il=he elle=she on=one nous=we vous=you ils=they elles=they me=me m=me moi=me te=you t= toi=you se=
        s= lui=him leur=their leurs=their y=there le= la= les= l= un=a une=a des= du=of d=of de=of au=to aux=to mon=my
        ma=my mes=my ton=your ta=your tes=your son=his sa=his ses=his notre=our nos=our votre=your vos=your ne= n=
        pas=not non=no oui=yes plus=more moins=less rien=nothing jamais=never personne=person et=and ou=or mais=but
        si=if car=because comme=like parce=because avec=with sans=without pour=for par=by à=to a=has en=in dans=in
        sur=on sous=under chez=at vers=towards depuis=since pendant=during avant=before après=after entre=between
        contre=against jusqu=until jusque=until dès=from selon=according déjà=already encore=still aussi=also
        seulement=only très=very trop=too tout=all tous=all toute=all toutes=all chaque=every quelque=some quelqu=some
        autre=other autres=other même=same ici=here là=there maintenant=now alors=then bientôt=soon toujours=always
        temps=time sont=are suis=am es=are êtes=are sommes=are était=was été=been être=be sera=will be ont=have
        ai=have as=have avez=have avons=have avoir=have peut=can peux=can pouvez=can puis=can pourrait=could dois=must
        doit=must devez=must faut=must faire=do fait=does faites=do veux=want veut=want voudrais=want souhaite=want
        besoin=need coûte=cost coûtent=cost coute=cost dure=last prend=take met=take long passe=happens signifie=means
        dire=say va=goes vais=go allez=go arrive=arrives donne=give donnez=give aujourd= hui=today demain=tomorrow
        hier=yesterday tôt=early tard=late""",
    "it": """
        che=what cosa=what cos=what quale=which qual=which quali=which chi=who quando=when dove=where come=how
        perché=why quanto=how much quanta=how much quanti=how many quante=how many io=i tu=you lui=he lei=she noi=we
        voi=you loro=they mi=me ti=you ci=us vi=you si= lo=it la= il= i= gli= le= un=a uno=a una=a mio=my mia=my
        miei=my mie=my tuo=your tua=your suo=his sua=his nostro=our nostra=our vostro=your vostra=your non=not no=no
        sì=yes e=and ed=and o=or ma=but se=if con=with senza=without di=of del=of dello=of della=of dei=of degli=of
        delle=of d=of a=to al=to allo=to alla=to ai=to agli=to alle=to da=from dal=from dalla=from in=in nel=in
        nello=in nella=in nei=in su=on sul=on sulla=on per=for tra=between fra=between entro=within dopo=after
        prima=before durante=during fino=until già=already ancora=still anche=also solo=only molto=much più=more
        meno=less tutto=all tutti=all ogni=every altro=other altri=other altra=other qui=here lì=there ora=now
        poi=then mai=never sempre=always tempo=time è=is sono=are sei=are siamo=are era=was essere=be ho=have hai=have
        ha=has abbiamo=have avete=have hanno=have avere=have posso=can puoi=can può=can possono=can possiamo=can
        devo=must deve=must devono=must dobbiamo=must voglio=want vorrei=want vuole=want serve=need servono=need
        bisogna=must c= ce= costa=cost costano=cost dura=last impiega=take long succede=happens significa=means
        fa=does fare=do fate=do va=goes vado=go arriva=arrives date=give oggi=today domani=tomorrow ieri=yesterday
        presto=early tardi=late""",
    "nl": """
        wie=who wat=what welk=which welke=which wanneer=when waar=where waarheen=where to waarom=why hoe=how
        hoeveel=how much lang=long vaak=often ik=i je=you jij=you u=you hij=he zij=they ze=they we=we wij=we
        jullie=you mij=me me=me jou=you ons=us hem=him haar=her hen=them mijn=my jouw=your uw=your zijn=are onze=our
        hun=their de= het= een=a er= geen=no niet=not niets=nothing nooit=never ja=yes nee=no en=and of=or maar=but
        als=if omdat=because dat=that dit=this deze=this die=that met=with zonder=without voor=for van=of naar=to
        te=to in=in op=on aan=on bij=at uit=from tot=until vanaf=from sinds=since na=after over=about onder=under
        om=at door=by tegen=against tussen=between tijdens=during per=per nog=still al=already ook=also alleen=only
        heel=very meer=more minder=less alle=all alles=everything elke=every ieder=every beide=both iets=something
        iemand=someone andere=other zelf=myself hier=here daar=there dan=then nu=now weer=again terug=back weg=away
        is=is ben=am bent=are was=was waren=were wordt=is worden=be kan=can kun=can kunnen=can mag=may mogen=may
        moet=must moeten=must wil=want willen=want heb=have hebt=have heeft=has hebben=have had=had krijg=get
        krijgt=get krijgen=get kost=cost kosten=cost duurt=take long betekent=means gebeurt=happens gaat=goes
        komt=comes doe=do doet=does doen=do vandaag=today morgen=tomorrow gisteren=yesterday vroeg=early laat=late""",
    "pt": """
        que=what quê=what qual=which quais=which quem=who quando=when onde=where aonde=where to como=how porquê=why
        quanto=how much quanta=how much quantos=how many quantas=how many eu=i você=you vocês=you ele=he ela=she
        nós=we eles=they me=me te=you se=if nos=us lhe=him o= a=to os= as= um=a uma=a uns=some umas=some meu=my
        minha=my meus=my minhas=my seu=your sua=your seus=your suas=your nosso=our nossa=our não=not sim=yes e=and
        ou=or mas=but porque=because com=with sem=without de=of do=of da=of dos=of das=of ao=to aos=to à=to às=to
        em=in no=in na=in nas=in num=in numa=in por=for pelo=by pela=by para=for pra=for até=until desde=from
        entre=between sobre=about após=after depois=after antes=before durante=during já=already ainda=still
        também=also só=only muito=much mais=more menos=less todo=all todos=all tudo=everything cada=every outro=other
        outra=other outros=other aqui=here ali=there agora=now então=then nunca=never sempre=always é=is são=are
        sou=am está=is estão=are estou=am foi=was era=was ser=be estar=be tenho=have tem=has têm=have temos=have há=is
        there posso=can pode=can podem=can podemos=can devo=must deve=must preciso=need precisa=need quero=want
        queria=want custa=cost custam=cost demora=take long dura=last acontece=happens significa=means faz=does
        fazer=do vai=goes vou=go chega=arrives hoje=today amanhã=tomorrow ontem=yesterday cedo=early tarde=late""",
}


def _pairs(text: str) -> dict[str, str]:
    """Read ``word=meaning`` pairs; a meaning goes on over the words without a sign that follow."""
    pairs: dict[str, str] = {}
    last = ""
    for part in text.split():
        word, sign, meaning = part.partition("=")
        if sign:
            last = word.casefold()
            pairs[last] = meaning
        else:
            pairs[last] += f" {part}"
    return pairs


SMALL_WORDS: Mapping[str, Mapping[str, str]] = {language: _pairs(text) for language, text in _SMALL_WORDS.items()}
