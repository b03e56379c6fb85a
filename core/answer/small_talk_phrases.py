"""What people say that is no question to the documents, by language; read by ``core.answer.small_talk`` alone.

Words are written small, without accents and apostrophes. ``(a|b|)`` stands for a, for b and for nothing.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import product

# Said in every language, for what they mean in all of them.
EVERYWHERE: Mapping[str, str] = {
    "greeting": "hi; hello; hey; hallo",
    "well": "ok; okay; oki; okey; ok ok; k; super; perfect; lol; haha; hihi; hehe",
    "bye": "bye; bye bye",
}
# "" are words that may stand beside the others and say nothing alone.
PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "greeting": """hiya; heya; howdy; yo; helo; helloo; greetings; good (morning|afternoon|evening|day); nice
            to meet you; (is|) (anyone|anybody|someone|somebody) (there|here); are you there; you there; hello (is|)
            (anyone|anybody) there""",
        "how": """how are you (doing|) (today|); hows it going; how is it going; how do you do; whats up; sup;
            wassup; how are things; are you (ok|well)""",
        "thanks": """(many|) thanks; thx; thnx; tnx; thanx; ty; tysm; cheers; thank (you|u) (so|very|) (much|);
            thanks (a lot|a bunch|a million|so much|very much|again|anyway); thank you again; much appreciated; i
            appreciate (it|that|your help); appreciated; (that|this|it) (was|is) (very|really|so|) helpful;
            (that|it|this) (helped|helps) (a lot|me|); (very|so|really|) helpful; youre (great|the best|awesome); you
            are (great|the best|awesome|very helpful); that was all; thats (all|it); that is all; good bot; well done;
            good job; thanks for (your|the) (help|info|information|answer|reply); thanks for (that|this|helping);
            thank you for (your|the) (help|time|info|information|answer|reply); thank you for (that|this|helping);
            that answers my question; that answered my question; problem solved""",
        "bye": """goodbye; good bye; see (you|ya) (later|soon|); cya; good night; have a (nice|good|great|lovely)
            (day|one| evening|weekend); take care; farewell; talk to you later; ttyl; until next time""",
        "well": """alright; all right; all good; got it; gotcha; i see; understood; i understand; great; cool;
            nice; good; sure; perfect; awesome; excellent; wonderful; brilliant; amazing; lovely; sounds good; makes
            sense; good to know; thats (great|good|fine|perfect|nice); no worries; never mind; nevermind; no problem;
            wow; oh; ah; aha; great stuff; (very|) interesting""",
        "who": """who (are|r) (you|u); who am i (talking|speaking|chatting) (to|with); who is this; whos this;
            what are you; what is your name; whats your name; do you have a name; your name; tell me about yourself;
            introduce yourself; what should i call you; who (made|built|created|programmed) you; who is
            (there|answering me)""",
        "machine": """are you (a|an|) (ro|chat|)bot; are you (a|an|) (real|actual|)
            (human|person|machine|computer|program|ai); are you (human|real|artificial|an ai|ai|a real human being|a
            human being|an actual human being); is this (a|an|) (ro|chat|)bot; is this (a|an|) (real|)
            (human|person|machine|computer|ai); are you an ai (bot|assistant|); am i (talking|speaking|chatting)
            (to|with) (a|an|) (real|) (ro|chat|)(bot|human|person|machine|ai|computer); am i
            (talking|speaking|chatting) (to|with) someone real; are you chat(| )gpt; are you alive; bot or human;
            human or bot; are you (a|) human or (a|) (ro|)bot; are you (a|) (ro|)bot or (a|) (human|person)""",
        "can": """what can you do (for me|); what can you help (me|) (with|); how can you help (me|); what can i
            ask (you|); what (kind|sort) of (questions|things) can i ask (you|); what (questions|things) can i ask
            (you|); what can you answer; what (questions|) can you answer; what do you know; what are you (good|) for;
            what are you able to do; help (me|) (please|); i need (some|) (help|assistance); can you help (me|)
            (out|); could you help me; can u help (me|); how does this work; how do you work; how does this
            (bot|chat|chatbot|assistant) work; how can i use this; how do i use (this|you); what is this; whats this;
            what do you do here; what else can you do; what topics do you (cover|know)""",
        "ask": """(can|could|may) i ask (you|) (a|another|one more|some|something|a few|a quick)
            (question|questions|); i have (a| another|one more|some|a few|a quick) (question|questions); (i have|ive)
            got a question; i want to ask (you|) (something|a question); (can|may) i ask (you|) (something|sth)
            (else|); quick question; one more (question|thing); another question; question; i would like to ask (you|)
            (something|a question); id like to ask (something|a question)""",
        "person": """(can|could|may|how can|how do) i (talk|speak|chat) (to|with) <someone>; i
            (want|need|wish|would like|have) to (talk|speak) (to|with) <someone>; id like to (talk|speak) (to|with)
            <someone>; (talk|speak) (to|with) <someone>; (connect|transfer|put|pass) me (through|) (to|with)
            <someone>; (can|could) you (connect|transfer|put) me (through|) (to|with) <someone>; let me (talk|speak)
            (to|with) <someone>; is there <someone> (here|) (that|) i can (talk|speak) (to|with); i want <someone>;
            get me <someone>; can i (meet|see) <someone>; <someone> please; live agent; human; (a|) real
            (person|human); can i please (talk|speak) (to|with) <someone>; (how can i|how do i) (contact|reach) (you|
            <someone>); who can i (talk|speak) to; not a (ro|chat|)bot; (can|could|may) i
            (call|phone|ring|email|contact) (you| you guys|<someone>); (can|could) (you|someone|somebody) (call|phone)
            me (back|); call me (back|)""",
        "someone": """someone; somebody; anyone; anybody; someone real; (a|) human (being|); (a|) real human
            (being|); (a|) person; (a|) real person; an actual (person|human); a live (person|agent); an
            (agent|operator|employee|advisor| adviser); a (human|real) agent; (human|operator|representative); a
            (representative|colleague|staff member| member of staff|customer service agent)""",
        "": """there; all; everyone; everybody; guys; team; folks; friend; mate; buddy; sir; madam; please; pls;
            then; now; again; so; and; for now; bot; robot; assistant; dear; today; well; just; oh; ah; um; er; but;
            my; yes; no""",
    },
    "de": {
        "greeting": """guten (morgen|tag|abend); schonen guten (tag|morgen|abend); moin (moin|); servus; gruss
            gott; grussgott; gruess gott; gruezi; hallochen; halloechen; n abend; nabend; mahlzeit; gruss dich;
            gruesse; grusse; schonen (tag|abend); ist (da|hier|) (jemand|wer) (da|hier|); jemand da; bist du da; sind
            sie da; freut mich""",
        "how": """wie gehts (dir|ihnen|euch|so|) (heute|); wie geht es (dir|ihnen|euch) (heute|); wie gehts wie
            stehts; alles (klar|gut) bei (dir|ihnen); was geht; na wie gehts""",
        "thanks": """danke; danke (schon|schoen|sehr|vielmals|dir|ihnen|euch|nochmal|nochmals|fur alles);
            dankeschon; dankeschoen; vielen (lieben|herzlichen|) dank; besten dank; herzlichen dank; tausend dank;
            lieben dank; merci; danke fur (die|deine|ihre|eure) (hilfe|antwort|auskunft|info|schnelle
            antwort|informationen); danke fur das; vielen dank fur (die|deine|ihre)
            (hilfe|antwort|auskunft|info|informationen); das hat (mir|) (sehr|) geholfen; das hilft (mir|)
            (sehr|weiter|); sehr hilfreich; das wars; das war alles; das ware alles; hat sich erledigt; danke
            danke""",
        "bye": """ciao; tschuss; tschuess; tschus; tschau; auf wiedersehen; wiedersehen; auf wiederhoren; bis
            (bald|dann|spater| morgen|zum nachsten mal); gute nacht; schonen (tag|abend|feierabend|) noch; (einen|)
            schonen (tag|abend) noch; mach (es|s|) gut; machs gut; schones wochenende; pfiat di; ade""",
        "well": """alles klar; in ordnung; verstanden; verstehe; ich verstehe; passt; prima; toll; klasse; gut;
            sehr gut; wunderbar; ach so; achso; aha; perfekt; spitze; genau; schon; na gut; na dann; geht klar; kein
            problem; macht nichts; egal; gut zu wissen; interessant; einverstanden; jawohl""",
        "who": """wer (bist|bis) du (denn|eigentlich|); wer sind sie (denn|eigentlich|); wer seid ihr; wie heisst
            du (denn|); wie heissen sie; was bist du (denn|); wie ist (dein|ihr) name; mit wem
            (spreche|rede|schreibe|chatte) ich (hier| eigentlich|gerade|); wer ist da; wer antwortet (hier|mir); stell
            dich (bitte|mal|) vor; stellen sie sich (bitte|) vor; dein name""",
        "machine": """bist du (ein|eine|) (ro|chat|)bot(er|); bist du (ein|eine|)
            (roboter|maschine|mensch|ki|computer|programm|echter mensch|echte person|person); bist du echt; sind sie
            (ein|eine|) (roboter|bot|chatbot|maschine|mensch|ki|echter mensch|echte person|computer|programm); sind
            sie echt; ist (das|hier) (ein|eine) (bot|chatbot|roboter|ki|mensch|maschine| echter mensch);
            (spreche|rede|schreibe|chatte) ich (hier|) (gerade|) mit (einem|einer) (bot|chatbot|roboter|menschen|
            maschine|ki|echten menschen|echten person|computer); bist du (ein|) mensch oder (eine|ein|)
            (maschine|bot|roboter); mensch oder maschine""",
        "can": """was kannst du (alles|so|denn|) (fur mich tun|machen|tun|); was konnen sie (alles|) (fur mich
            tun|machen|tun|); wobei kannst du (mir|) helfen; wobei konnen sie (mir|) helfen; womit kannst du (mir|)
            helfen; wie kannst du mir helfen; wie konnen sie mir helfen; was kann ich (dich|sie|hier|) (alles|)
            fragen; was weisst du (alles|); kannst du mir (bitte|mal|) helfen; konnen sie mir (bitte|) helfen; hilfe;
            hilf mir (bitte|); ich brauche (bitte|) hilfe; wie funktioniert (das|das hier|dieser chat|der chat); wie
            funktionierst du; was ist das (hier|); wozu bist du da; welche fragen kannst du beantworten; welche fragen
            kann ich (dir|hier|ihnen|) stellen; was machst du (hier|so|)""",
        "ask": """(darf|kann) ich (dich|sie|) (mal|) (was|etwas) fragen; (darf|kann) ich (dir|ihnen|) (mal|) eine
            frage stellen; ich (habe|hab|hatte) (da|) (mal|) (eine|noch eine|ne|ein paar) (kurze|) (frage|fragen);
            eine frage (noch|); noch eine frage; kurze frage; frage; ich mochte (dich|sie|) (was|etwas) fragen""",
        "person": """(kann|konnte|darf) ich (bitte|mal|) (hier|) mit (jemandem|jemand|einem menschen|einem
            mitarbeiter|einer mitarbeiterin|einer person|einem echten menschen|einer echten person|einem
            kollegen|einem berater|einem richtigen menschen) (sprechen|reden|telefonieren|chatten); ich
            (mochte|will|wurde gern|wurde gerne|muss) (bitte|gern| gerne|) mit (jemandem|jemand|einem menschen|einem
            mitarbeiter|einer mitarbeiterin|einer person|einem echten menschen|einer echten person|einem richtigen
            menschen) (sprechen|reden|telefonieren); (verbinden sie|verbinde) mich (bitte|) (mit einem menschen|mit
            einem mitarbeiter|mit jemandem|); (konnen sie|kannst du) mich (bitte|) (mit einem menschen|mit einem
            mitarbeiter|mit jemandem|) verbinden; (kann|konnte|darf) ich (sie|euch|dich|jemanden) (bitte|)
            (anrufen|erreichen|telefonisch erreichen|kontaktieren); (konnen sie|kannst du|konnt ihr) mich (bitte|)
            (zuruckrufen| anrufen); rufen sie mich (bitte|) (an|zuruck); ruf mich (bitte|) (an|zuruck); (echter|ein|)
            mensch (bitte|); mitarbeiter bitte; wie (erreiche|kontaktiere) ich (euch|sie|jemanden|einen menschen|einen
            mitarbeiter); wie kann ich (euch|sie| jemanden) (erreichen|kontaktieren|anrufen); gibt es (hier|)
            (jemanden|einen menschen) mit dem ich (sprechen|reden) kann; mit (einem menschen|jemandem|einem
            mitarbeiter) (sprechen|reden); mit wem kann ich (sprechen|reden)""",
        "": """zusammen; alle; alles; bitte; du; leute; ihr; team; dann; noch; nochmal; und; so; na; ja; nein;
            mal; auch; mein; lieber; liebe; liebes; bot; roboter; assistent; heute; erstmal; da; euch; dir; ihnen;
            sehr""",
    },
    "es": {
        "greeting": """hola; ola; buenas; buenos dias; buen dia; buenas (tardes|noches); muy buenas; saludos; que
            tal; hay alguien (ahi| aqui|); estas ahi; encantado; encantada; mucho gusto""",
        "how": """como estas (hoy|); como esta (usted|) (hoy|); como te va; como va todo; que pasa; como andas;
            que tal estas; todo bien""",
        "thanks": """(muchas|mil|muchisimas|) gracias; gracias (por|) (todo|la ayuda|tu ayuda|su ayuda|la
            informacion|la respuesta); muchas gracias por (todo|la ayuda|tu ayuda|su ayuda|la informacion|la
            respuesta); te lo agradezco; se lo agradezco; muy amable; me (ha ayudado|ayudo|has ayudado) (mucho|); muy
            util; eso es todo; eso era todo; de nada""",
        "bye": """ciao; adios; chao; chau; hasta (luego|pronto|manana|la vista|otra|la proxima); nos vemos; que
            tenga (un|) buen dia; que tengas (un|) buen dia; buen fin de semana; buena tarde; cuidate""",
        "well": """vale; de acuerdo; entendido; entiendo; perfecto; genial; bien; muy bien; claro; estupendo;
            excelente; bueno; ya veo; comprendo; no pasa nada; no importa; fantastico; interesante; listo; esta
            bien""",
        "who": """quien eres (tu|); quien es usted; quienes son ustedes; como te llamas; como se llama (usted|);
            cual es tu nombre; cual es su nombre; que eres; con quien (hablo|estoy hablando); presentate; tu
            nombre""",
        "machine": """eres (un|una|) (robot|bot|chatbot|maquina|persona|humano|humana|persona
            real|ia|ordenador|inteligencia artificial|programa|persona de verdad|ser humano); es usted (un|una|)
            (robot|bot|maquina|persona|persona real| humano); eres real; es esto (un|una) (robot|bot|persona|maquina);
            (hablo|estoy hablando) con (un|una) (robot|bot|persona| maquina|persona real|humano); eres humano o
            (robot|maquina)""",
        "can": """que puedes hacer (por mi|); que puede hacer (por mi|); que sabes hacer; en que (puedes|me
            puedes|puede|me puede) (ayudarme|ayudar); en que me ayudas; como (puedes|puede) ayudarme; como me puedes
            ayudar; que puedo preguntar(te|le|); que te puedo preguntar; (me|) puedes ayudar(me|); (me|) puede
            ayudar(me|); ayuda; ayudame (por favor|); necesito ayuda; como funciona (esto|este chat|); como funcionas;
            que es esto; que preguntas puedo hacer(te|); para que sirves; que sabes""",
        "ask": """(te|le|) puedo (preguntar|hacer una pregunta); puedo (preguntarte|preguntarle) (algo|una cosa);
            puedo (hacerte|hacerle| hacer) una pregunta; tengo (una|otra|algunas|unas)
            (pregunta|preguntas|duda|dudas|consulta); una (pregunta|consulta|duda); otra pregunta; pregunta""",
        "person": """(puedo|podria|quiero|quisiera|necesito|me gustaria) hablar con (alguien|una persona|un
            humano|un agente|una persona real|una persona de verdad|un operador|un ser humano|un representante|un
            asesor); hablar con (alguien|una persona|un humano|un agente|una persona real); (puedo|podria)
            (llamarlos|llamarles|llamaros|llamarte|llamarle| contactarlos|contactarles|contactaros|llamar a alguien);
            (me puedes|me puede|pueden|puede|puedes) (pasar|comunicar| poner|conectar) con (alguien|una persona|un
            agente|un humano); paseme con (alguien|una persona|un agente); (pueden| puede|puedes) llamarme; me
            (pueden|puede|puedes) llamar; una persona (real|); un humano; como (puedo|) (contactaros|
            contactarlos|contactarles|contactar con vosotros|contactar con ustedes); hay alguien con quien pueda
            hablar; con quien puedo hablar""",
        "": """a todos; a todas; todos; por favor; porfa; y; ahora; pues; amigo; amiga; senor; senora; si; no;
            muy; de nuevo; otra vez; tambien; bot; robot; asistente; oye; ah; hoy; mi""",
    },
    "fr": {
        "greeting": """bonjour; bonsoir; salut; coucou; bien le bonjour; il y a quelquun (ici|); y a quelquun;
            quelquun est la; tu es la; vous etes la; enchante; enchantee; rebonjour""",
        "how": """(comment|) ca va (bien|) (aujourdhui|); comment (vas tu|allez vous|tu vas|vous allez)
            (aujourdhui|); ca va; tout va bien; quoi de neuf""",
        "thanks": """merci (bien|beaucoup|infiniment|bcp|encore|a vous|a toi|pour tout|pour ca|); mille mercis;
            grand merci; un grand merci; merci (beaucoup|) pour (votre|ton|l) (aide|reponse|information|informations);
            merci (beaucoup|) pour (votreaide|laide| linformation|la reponse|les informations); je (vous|te) remercie;
            cest (tres|) gentil; (cest|cetait) (tres|) utile; tres utile; cest tout; ce sera tout; ca maide
            (beaucoup|)""",
        "bye": """au revoir; a (bientot|plus|plus tard|demain|la prochaine|tout a lheure); bonne
            (journee|soiree|nuit|fin de journee); adieu; bon week end; bon weekend; tchao""",
        "well": """daccord; dac; entendu; compris; je (vois|comprends); parfait; genial; bien; tres bien; super;
            cest (bon|note|parfait| clair|super); ca marche; top; excellent; pas de probleme; pas grave; ce nest pas
            grave; oui daccord; bon; ah bon""",
        "who": """qui (es tu|etes vous); tu es qui; vous etes qui; tes qui; (comment|) tu tappelles comment;
            comment (tappelles tu|vous appelez vous|tu tappelles); quel est (ton|votre) (nom|prenom); a qui (je
            parle|ai je affaire|est ce que je parle); qui est ce; cest qui; presente toi; presentez vous; quest ce que
            tu es; ton nom""",
        "machine": """(es tu|etes vous|tu es|vous etes|tes|est ce que tu es|est ce que vous etes) (un|une|)
            (robot|bot|chatbot|machine|humain| personne|vraie personne|personne reelle|ia|ordinateur|vrai humain|etre
            humain|programme); es tu reel; (est ce|cest) (un|une) (robot|bot|machine|humain|vraie personne); (je
            parle|est ce que je parle|parle je) (a|avec) (un|une) (robot|bot|machine| humain|personne|vraie personne);
            humain ou robot""",
        "can": """(que|quest ce que|quest ce que) (peux tu|tu peux|pouvez vous|vous pouvez) faire (pour moi|); tu
            (peux|sais) faire quoi; que (sais tu|savez vous) faire; comment (peux tu|pouvez vous) maider; en quoi
            (peux tu|pouvez vous) maider; (peux tu|pouvez vous|tu peux|vous pouvez) maider; aide; aide moi; aidez moi;
            (jai|) besoin daide; a laide; comment ca (marche|fonctionne); comment (tu fonctionnes|fonctionnes tu);
            cest quoi; quest ce que cest; que puis je (te|vous|) demander; quelles questions (puis je|je peux)
            (te|vous|) poser; a quoi tu sers; a quoi sers tu""",
        "ask": """(puis je|je peux|est ce que je peux) (te|vous|) (poser une question|demander quelque chose); jai
            (une|une autre|encore une| quelques|des) (petite|) (question|questions); (une|une autre|encore
            une|petite|) question; je voudrais (vous|te|) (poser une question|demander quelque chose)""",
        "person": """(puis je|je peux|est ce que je peux|je voudrais|je veux|jaimerais|pourrais je|je souhaite)
            (parler|discuter) (a|avec) (quelquun|une personne|un humain|un conseiller|un agent|une vraie personne|une
            personne reelle|un etre humain|une conseillere|un operateur|un vrai humain); (parler|discuter) (a|avec)
            (quelquun|une personne|un humain|un conseiller|un agent| une vraie personne); (puis je|je peux|est ce que
            je peux) vous (appeler|telephoner|contacter|joindre); (pouvez vous|vous pouvez) (mappeler|me rappeler);
            rappelez moi; appelez moi; (pouvez vous|) me passer (quelquun|un conseiller|un humain); passez moi
            (quelquun|un conseiller|un humain); (un|) humain (svp|); une vraie personne; comment (vous|)
            (contacter|joindre|appeler) (vous|); comment (puis je|je peux) vous (contacter|joindre|appeler); a qui
            (puis je|je peux) parler""",
        "": """a tous; a toutes; tous; tout le monde; monsieur; madame; mademoiselle; svp; stp; sil vous plait;
            sil te plait; et; alors; donc; encore; oui; non; mon ami; robot; bot; assistant; ah; oh; la; pour le
            moment; aujourdhui""",
    },
    "it": {
        "greeting": """ciao; ciao ciao; salve; buongiorno; buon giorno; buonasera; buona sera; buon pomeriggio;
            ehi; saluti; ce qualcuno; ce nessuno; ci sei; piacere; buondi""",
        "how": """come (stai|sta|state|va|ti va) (oggi|); tutto bene; come te la passi; che si dice""",
        "thanks": """grazie (mille|tante|infinite|ancora|di tutto|di cuore|dellaiuto|per laiuto|per il tuo
            aiuto|per il suo aiuto|per linformazione|per la risposta|per le informazioni|molte|); molte grazie; tante
            grazie; mille grazie; ti ringrazio; la ringrazio; (molto|) gentile; (e stato|e) (molto|) utile; molto
            utile; e tutto; questo e tutto; mi (e stato|sei stato) (molto|) (utile|di aiuto|daiuto)""",
        "bye": """arrivederci; arrivederla; addio; a (presto|dopo|domani|piu tardi); ci (vediamo|sentiamo);
            buonanotte; buona notte; buona (giornata|serata); buon fine settimana; buon weekend""",
        "well": """va bene; daccordo; capito; ho capito; perfetto; ottimo; bene; molto bene; chiaro; benissimo;
            fantastico; bello; capisco; certo; non importa; nessun problema; tutto chiaro; interessante; bravo; brava;
            buono a sapersi""",
        "who": """chi (sei|e lei|siete|sei tu); come ti chiami; come si chiama; qual e il (tuo|suo) nome; cosa
            sei; con chi (parlo|sto parlando|ho il piacere di parlare); presentati; il tuo nome""",
        "machine": """(sei|lei e|e) (un|una|) (robot|bot|chatbot|macchina|persona|umano|umana|persona vera|vera
            persona|ia|computer| essere umano|programma|persona reale); sei (vero|vera|reale); (parlo|sto parlando)
            con (un|una) (robot|bot|persona|macchina| persona vera|umano|persona reale); umano o robot""",
        "can": """(che|) cosa (puoi|sai|puo|sa) fare (per me|); (che|) cosa posso (chiederti|chiedere|chiederle);
            come (puoi|puo) aiutarmi; come mi puoi aiutare; in cosa (puoi|puo) aiutarmi; (mi puoi|mi puo) aiutare;
            (puoi|puo) aiutarmi; aiuto; aiutami (per favore|); ho bisogno di aiuto; come funziona (questo|questa
            chat|); come funzioni; che cose questo; cose questo; a cosa servi; che domande posso fare; cosa sai""",
        "ask": """posso (farti|farle|fare) una domanda; posso (chiederti|chiederle|chiedere) (una cosa|qualcosa);
            (ho|avrei) (una|unaltra| alcune|qualche) (domanda|domande); unaltra domanda; una domanda; domanda""",
        "person": """(posso|vorrei|voglio|potrei|ho bisogno di) parlare con (qualcuno|una persona|un umano|un
            operatore|una persona vera|una persona reale|un essere umano|unoperatrice|un addetto|un consulente);
            parlare con (qualcuno|una persona|un operatore|un umano|una persona vera); (posso|potrei)
            (chiamarvi|chiamarla|contattarvi|chiamarti|telefonarvi|chiamare qualcuno); (potete|puo|puoi)
            (chiamarmi|richiamarmi); (mi|) (puo|puoi|potete) (passare|passarmi|mettermi in contatto con) (qualcuno| un
            operatore|una persona); mi passi (qualcuno|un operatore|una persona); (un|) operatore (per favore|); una
            persona vera; come posso (contattarvi|chiamarvi|raggiungervi); ce qualcuno con cui (posso|possa) parlare;
            con chi posso parlare""",
        "": """a tutti; tutti; per favore; perfavore; e; allora; ora; adesso; poi; ancora; si; no; amico; signore;
            signora; bot; robot; assistente; oggi; per ora; molto; ah; oh; ok""",
    },
    "nl": {
        "greeting": """hoi; hoi hoi; hai; dag; goedemorgen; goedemiddag; goedenavond; goedendag; goede
            (morgen|middag|avond); goeiemorgen; goeiedag; gegroet; is (er|daar|hier) iemand; ben je daar; bent u daar;
            aangenaam; hallootjes""",
        "how": """hoe gaat (het|ie) (met je|met jou|met u|ermee|vandaag|); hoe ist; alles goed; hoe is het (met
            je|met u|); gaat het goed""",
        "thanks": """dank (je|u) (wel|zeer|) (voor alles|); dankjewel; dankuwel; bedankt; heel erg bedankt;
            hartelijk (dank|bedankt); erg bedankt; hartstikke bedankt; dank; veel dank; bedankt voor (de|je|uw)
            (hulp|informatie|info|antwoord|uitleg); bedankt voor het antwoord; dank (je|u) (wel|) voor (de|je|uw)
            (hulp|informatie|info|uitleg); dat (helpt|hielp) (me|) (enorm|); heel behulpzaam; dat was alles; dat was
            het; super bedankt; top bedankt""",
        "bye": """doei; doeg; dag dag; tot ziens; tot (later|straks|morgen|snel|de volgende keer); goedenacht;
            welterusten; fijne (dag| avond|weekend) (nog|verder|); fijne dag nog; prettige dag; prettige dag
            (nog|verder|); fijn weekend; houdoe; de groeten; groetjes; een fijne dag""",
        "well": """oke; prima; begrepen; ik (begrijp|snap) het; duidelijk; top; goed; mooi; heel goed; fijn;
            perfect; geweldig; in orde; is goed; dat is goed; geen probleem; maakt niet uit; helder; leuk; natuurlijk;
            goed om te weten; komt goed; snap ik""",
        "who": """wie ben (je|jij); wie bent u; wie zijn jullie; hoe heet (je|jij|u); wat is (je|jouw|uw) naam;
            wat ben (je|jij); met wie (spreek|praat|chat) ik (hier|nu|); stel (je|jezelf|uzelf) (eens|) voor; wie is
            daar; je naam""",
        "machine": """ben (je|jij) (een|) (robot|bot|chatbot|machine|mens|echt mens|echt persoon|echte
            persoon|ai|computer|programma|persoon); bent u (een|) (robot|bot|chatbot|mens|machine|echt persoon|echt
            mens|echte persoon|computer); ben je echt; is dit een (robot|bot|chatbot|mens|echt persoon|machine);
            (praat|spreek|chat) ik (hier|) (nu|) met een (robot|bot|chatbot|mens|machine|echt persoon|echte
            persoon|echt mens); mens of robot""",
        "can": """wat kun je (allemaal|) (voor me|voor mij|) (doen|); wat kan (je|jij) (allemaal|) (voor me|voor
            mij|) (doen|); wat kunt u (allemaal|) (voor me|voor mij|) (doen|); waarmee (kun|kan) je (me|mij|) helpen;
            waarmee kunt u (me|mij|) helpen; waar (kun|kan) je (me|mij) mee helpen; hoe (kun|kan) je (me|mij) helpen;
            (kun|kan) je (me|mij) (even|) helpen; kunt u (me|mij) (even|) helpen; help (me|mij|); hulp; ik heb hulp
            nodig; hoe werkt (dit|het|deze chat); hoe werk je; wat is dit; wat kan ik (je|u|hier|) (allemaal|) vragen;
            welke vragen kan ik (je|u|) stellen; wat weet (je|u) (allemaal|); waar ben je voor""",
        "ask": """(mag|kan) ik (je|u|) (iets|wat) vragen; (mag|kan) ik (je|u|) een vraag stellen; ik heb (een|nog
            een|een paar) (korte|) (vraag|vraagje|vragen); (nog|) (een|) (vraag|vraagje); ik wil (je|u|) iets vragen;
            korte vraag""",
        "person": """(kan|mag|zou|kon) ik (even|misschien|) (met|) (iemand|een mens|een medewerker|een persoon|een
            echt persoon|een echte persoon|een echt mens|een collega) (spreken|praten|bellen|te spreken krijgen);
            (kan|mag) ik (spreken|praten) met (iemand|een mens|een medewerker|een persoon|een echt persoon|een echte
            persoon|een echt mens); ik (wil|moet|zou) (graag|) (met|) (iemand|een mens|een medewerker|een persoon|een
            echt persoon|een echte persoon|een echt mens) (spreken|praten|willen spreken); (praten|spreken) met
            (iemand|een mens|een medewerker|een echt persoon); (kan|mag) ik (jullie|u|je|iemand) (even|) (bellen|
            opbellen|bereiken|contacteren); (kunnen jullie|kunt u|kun je|kan je) (mij|me)
            (terugbellen|bellen|doorverbinden); bel (mij|me) (terug|); verbind (mij|me) (door|); (echt|een|) mens
            (graag|); (een|) medewerker (graag|alsjeblieft|aub); hoe kan ik (jullie|u| iemand)
            (bereiken|contacteren|bellen); hoe (bereik|contacteer) ik (jullie|u|iemand); is er iemand met wie ik kan
            (praten| spreken); met wie kan ik (praten|spreken)""",
        "": """allemaal; iedereen; daar; alsjeblieft; alstublieft; aub; en; dan; nu; nog; ja; nee; nog eens; weer;
            vriend; meneer; mevrouw; bot; robot; assistent; vandaag; heel; erg; voor nu; ah; oh; hoor; graag""",
    },
    "pt": {
        "greeting": """ola; oi; oie; bom dia; boa (tarde|noite); boas; saudacoes; e ai; tem alguem (ai|aqui|); ha
            alguem ai; esta ai; voce esta ai; prazer; muito prazer; alo; opa""",
        "how": """(tudo|) (bem|bom|certo) (com voce|contigo|consigo|); como (vai|esta|estas|vai voce|voce esta|vao
            as coisas) (hoje|); tudo bem; como e que esta; tudo joia""",
        "thanks": """(muito|) (obrigado|obrigada|agradecido|agradecida); obrigado (a voce|por tudo|pela ajuda|pela
            informacao|pela resposta|mesmo|mais uma vez); obrigada (a voce|por tudo|pela ajuda|pela informacao|pela
            resposta|mesmo|mais uma vez); muito (obrigado|obrigada) (por tudo|pela ajuda|pela informacao|pela
            resposta); brigado; brigada; valeu; obg; grato; grata; agradeco; (foi|e) muito util; ajudou
            (muito|bastante|); isso e tudo; era so isso; e so isso; muito gentil""",
        "bye": """adeus; tchau; xau; ate (logo|ja|breve|amanha|mais|a proxima|mais tarde); tenha (um|) bom dia;
            tenha uma boa (tarde| noite); bom fim de semana; boa semana; fique bem""",
        "well": """certo; entendi; entendido; perfeito; otimo; bem; muito bem; claro; beleza; legal; ta
            (bom|bem|certo|); esta (bem|bom|certo); percebi; percebo; compreendo; fixe; excelente; bom; que bom; nao
            faz mal; nao importa; sem problema; maravilha; interessante; blz; combinado""",
        "who": """quem (es|e voce|es tu|sao voces); como (te chamas|se chama|voce se chama|e que te chamas); qual
            (e|) (o|) (teu|seu) nome; o que (es|e voce); com quem (falo|estou falando|estou a falar); apresente se;
            apresenta te; seu nome""",
        "machine": """(es|voce e|e) (um|uma|) (robo|robot|bot|chatbot|maquina|pessoa|humano|humana|pessoa
            real|pessoa de verdade|ia| computador|ser humano|programa); voce e real; (estou falando|estou a
            falar|falo) com (um|uma) (robo|bot|pessoa|maquina|pessoa real|humano|pessoa de verdade); humano ou
            robo""",
        "can": """(o|) que (podes|pode|voce pode|consegues|voce consegue|sabes|voce sabe) fazer (por mim|); o que
            e que (podes|pode|sabes) fazer; em que (podes|pode|voce pode) (me ajudar|ajudar|ajudar me); como
            (podes|pode|voce pode) (me ajudar|ajudar me|ajudar); (podes|pode|voce pode| pode me|voce pode me) (ajudar
            me|me ajudar|ajudar); ajuda; me ajuda; me ajude; ajude me; preciso de ajuda; como (isso|isto|) funciona
            (isto|isso|); o que e (isto|isso); o que posso perguntar; que perguntas posso fazer; para que serves; para
            que voce serve""",
        "ask": """posso (te|lhe|) (perguntar|fazer) (uma coisa|algo|uma pergunta|); posso (fazer te|fazer lhe) uma
            pergunta; tenho (uma|outra|algumas| umas) (pergunta|perguntas|duvida|duvidas); (uma|outra)
            (pergunta|duvida); mais uma (pergunta|duvida|coisa); duvida""",
        "person": """(posso|quero|queria|gostaria de|preciso|preciso de|poderia) falar com (alguem|uma pessoa|um
            humano|um atendente|uma pessoa real|uma pessoa de verdade|um operador|um assistente humano|um ser humano);
            falar com (alguem|uma pessoa|um humano|um atendente|uma pessoa real|atendente); (posso|poderia) (ligar
            para voces|ligar vos|ligar|telefonar vos|contactar vos| ligar para alguem|ligar lhe); (podem|pode|voces
            podem) (me ligar|ligar me|me telefonar); me (liga|ligue|liguem); (me passa|passe me|me passe) (para|com|a)
            (alguem|um atendente|uma pessoa|um humano); (um|) atendente (por favor|); uma pessoa (real|); como
            (posso|) (contactar vos|contatar voces|entrar em contato|entrar em contato com voces|falar com voces); tem
            alguem com quem (eu|) possa falar; com quem posso falar""",
        "": """a todos; todos; pessoal; gente; por favor; pf; se faz favor; e; agora; entao; ainda; sim; nao;
            amigo; amiga; senhor; senhora; bot; robo; assistente; hoje; por agora; muito; ai; ah; oh; mesmo; la""",
    },
}  # fmt: skip

_AMONG_OTHERS = re.compile(r"\|\s*<someone>")
_SOMEONE = "someone"  # what is written <someone> in the other phrases
_PARTS = re.compile(r"\(([^()]{0,900})\)")


def spelled_out() -> dict[str, dict[tuple[str, ...], str]]:
    """Return by language every phrase as its words, with what it is ("greeting", …; "" for what says nothing alone)."""
    common = {words: kind for kind, written in EVERYWHERE.items() for words in _each(written)}
    return {language: common | dict(_of_language(kinds)) for language, kinds in PHRASES.items()}


def _of_language(kinds: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    someone = "|".join(" ".join(words) for words in _each(kinds.get(_SOMEONE, "")))
    for kind, written in kinds.items():
        if kind != _SOMEONE:
            yield from ((words, kind) for words in _each(_with_someone(written, someone)))


def _with_someone(written: str, someone: str) -> str:
    return _AMONG_OTHERS.sub(f"|{someone}", written).replace("<someone>", f"({someone})")


def _each(written: str) -> Iterator[tuple[str, ...]]:
    for phrase in written.split(";"):
        pieces = _PARTS.split(phrase)
        choices = [piece.split("|") if number % 2 else [piece] for number, piece in enumerate(pieces)]
        for chosen in product(*choices):
            if words := tuple("".join(chosen).split()):
                yield words
