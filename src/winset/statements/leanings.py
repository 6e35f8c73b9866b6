"""Words by which people are for something, against it, or afraid; and whether a thing belongs to settling or to war."""

from __future__ import annotations

import re

APPROVING = frozenset(
    """
    welcome support back favour favor endorse praise approve embrace applaud accept cheer hail trust like prefer champion
    thank appreciate celebrate want wish hope long yearn pine crave pray demand desire seek bless tolerate settle
    acknowledge agree await need
    """.split()  # noqa: SIM905
)
REJECTING = frozenset(
    """
    reject oppose resent condemn criticise criticize denounce dislike hate loathe distrust mistrust refuse object resist decry
    deplore abhor protest doubt question disapprove detest despise shun spurn rally reproach rue begrudge scorn balk bristle
    disagree regret deride ridicule mock curse boycott
    """.split()  # noqa: SIM905
)
FEARING = frozenset({"fear", "dread", "worry"})
ASKING = frozenset(
    {"urge", "appeal", "plead", "call", "beg", "press", "insist", "push", "ask", "petition", "vote", "lobby"}
)
"""Attitudes by what follows: urged the government to sign, called for a referendum."""

JUDGING = frozenset(
    """
    see view regard consider perceive call describe think believe find feel label brand treat deem rate condemn dismiss
    praise hail denounce expect
    """.split()  # noqa: SIM905
)
HOLDING = frozenset(
    """
    express voice have harbour harbor hold share show feel raise nurse convey signal emphasize emphasise stress declare
    articulate lose keep echo mention retain profess announce
    """.split()  # noqa: SIM905
)
"""Verbs whose subject has the feeling that their object names."""

MEETING = frozenset(
    {"enjoy", "meet", "win", "command", "face", "draw", "find", "arouse", "provoke", "spark", "encounter"}
)
"""Verbs whose subject is what a feeling is about: the plan enjoys support among ..."""

SPREADING = frozenset({"share", "echo", "voice", "express", "repeat", "hold", "hear", "mention", "raise"})

NOUNS: dict[str, int] = {
    "support": 1, "opposition": -1, "doubt": -1, "fear": 0, "hostility": -1, "anger": -1, "hope": 1, "reluctance": -1,
    "appetite": 1, "sympathy": 1, "suspicion": -1, "concern": 0, "optimism": 1, "scepticism": -1, "skepticism": -1,
    "mistrust": -1, "distrust": -1, "resentment": -1, "outrage": -1, "frustration": 0, "dissatisfaction": -1,
    "readiness": 1, "willingness": 1, "desire": 1, "longing": 1, "preference": 1, "enthusiasm": 1, "confidence": 1,
    "unease": -1, "feeling": 0, "sentiment": 0, "mood": 0, "view": 0, "opinion": 0, "belief": 0, "conviction": 0,
    "consensus": 0, "resistance": -1, "rejection": -1, "approval": 1, "dismay": -1, "refusal": -1, "relief": 1,
    "bitterness": -1, "objection": -1, "trust": 1, "faith": 1, "anxiety": 0, "worry": 0, "wish": 1, "attitude": 0,
    "disapproval": -1, "backing": 1, "contempt": -1, "misgiving": -1, "reservation": -1, "quarrel": -1, "agreement": 0,
    "impression": 0, "verdict": 0, "position": 0, "apprehension": 0, "indignation": -1, "gratitude": 1, "demand": 1,
    "favour": 1, "favor": 1, "sense": 0, "importance": 1,
    "necessity": 1, "need": 1, "conclusion": 0, "weariness": 0, "fatigue": 0,
    "exhaustion": 0, "despair": 0, "derision": -1, "disdain": -1, "scorn": -1, "affection": 1, "uncertainty": 0, "pessimism": -1,
    "stance": 0, "criticism": -1, "disillusionment": -1, "fury": -1, "wariness": -1,
}  # fmt: skip
"""Nouns of attitudes, and whether they are for (1), against (-1) or neither."""

ADJECTIVES: dict[str, int] = {
    "willing": 1, "ready": 1, "prepared": 1, "eager": 1, "keen": 1, "glad": 1, "happy": 1, "pleased": 1, "grateful": 1,
    "supportive": 1, "open": 1, "hopeful": 1, "optimistic": 1, "relieved": 1, "satisfied": 1, "enthusiastic": 1,
    "favourable": 1, "favorable": 1, "sympathetic": 1, "committed": 1, "positive": 1, "content": 1,
    "opposed": -1, "unhappy": -1, "sceptical": -1, "skeptical": -1, "hostile": -1, "reluctant": -1, "wary": -1,
    "suspicious": -1, "unwilling": -1, "angry": -1, "furious": -1, "dissatisfied": -1, "resentful": -1, "bitter": -1,
    "distrustful": -1, "negative": -1, "critical": -1, "averse": -1, "unconvinced": -1, "doubtful": -1, "outraged": -1,
    "dismayed": -1, "indignant": -1, "disappointed": -1, "dismissive": -1, "adamant": 0,
    "tired": 0, "betrayed": 0, "cheated": 0, "abandoned": 0, "afraid": 0, "worried": 0, "anxious": 0, "fearful": 0,
    "concerned": 0, "undecided": 0, "divided": 0, "torn": 0,
    "split": 0, "ambivalent": 0, "nervous": 0, "frightened": 0, "weary": 0, "indifferent": 0, "uneasy": -1,
}  # fmt: skip
OF_THINGS: dict[str, int] = {
    "popular": 1, "unpopular": -1, "unacceptable": -1, "acceptable": 1, "unwelcome": -1, "welcome": 1, "hated": -1,
    "dreaded": -1, "resented": -1, "anathema": -1, "attractive": 1,
}  # fmt: skip
"""Said of the thing: popular with farmers."""

WILLING = frozenset(
    """
    accept take settle sign return lay agree back support vote live welcome give hand leave withdraw stop forgive recognise
    recognize rather sooner trust fight stay resist boycott strike burn refuse prefer object mind oppose reject cede share
    swap surrender trade sacrifice barter
    negotiate talk tolerate approve choose pay hold keep follow obey join allow let
    abandon yield go endorse
    """.split()  # noqa: SIM905
)
"""Verbs that tell an attitude after "would" or "will not"."""

BAD = re.compile(
    r"\b(?:trick|defeat|surrender\w*|betray\w*|humiliat\w*|insult\w*|treason\w*|threat\w*|danger\w*|trap|"
    r"sham\w*|mistake|too far|"
    r"unacceptable|unfair|unjust|waste|worthless|sell-?out|capitulat\w*|provocation|absurd|too (?:high|"
    r"much|soon|little)|farce|"
    r"only the other side|over (?:our|their) heads|scandal|disgrace\w*|disaster|catastrophe|bad (?:deal|"
    r"idea)|hopeless|robbery|theft|"
    r"dictat\w*|ultimatum|wrong|risky?|pointless|useless|illegitimate|suspicion|hostility|scorn|contempt|"
    r"mistrust|distrust|alarm|"
    r"rushed|hasty|flawed|toothless|weak|illusion|bluff|gift to|doomed|fail\w*|naive|premature|"
    r"invitation to|one-sided|empty)\b"
)
GOOD = re.compile(
    r"\b(?:generous|decent|honou?rable|balanced|opportunit\w*|chance|only way|way out|first step|"
    r"step forward|necessary|worth\w*|fair|"
    r"lesser evil|relief|hope\w*|blessing|best|"
    r"good|promising|acceptable|favourabl\w*|favorabl\w*|useful|sensible|reasonable|overdue|progress|"
    r"victory for|lifeline|right|inevitable|"
    r"sympathy|gratitude|need for)\b"
)
OF_WAR = re.compile(
    r"\bbefore (?:any|anyone|anybody|there are) |(?:keep|go|continue|carry)\w* (?:on )?(?:the )?(?:fight|"
    r"war|offensive|struggle)|fight(?:ing)? on|"
    r"\b(?:war|offensive|fight\w*|siege|operation|campaign|advance|struggle)s? (?:to|must|should|would|"
    r"will) (?:continue|last|go on)|"
    r"\b(?:return to|resum\w+ (?:of )?(?:the )?|back to|renewed|more) (?:hostilities|war|fighting|arms|battle)\b|"
    r"^(?:to )?(?:go|fight|carry|press) on\b|\b(?:offensive|war aims?|victory|revenge|vengeance|mobilis\w+|"
    r"mobiliz\w+|retake|recapture|reconquer\w*|boycott\w*|coup|"
    r"attack\w*|escalat\w*|conquest|total war|hard line)\b|"
    r"\bhold(?:ing)? (?:the|on|out|every)|never be (?:divided|ceded|shared)|\b(?:old|former|"
    r"full) (?:borders?|boundar\w+) restored|"
    r"\b(?:dissolution|dissolv\w+|scrap\w*|abolition|cancell?\w*|tear\w* up|veto|rejection of)\b|"
    r"\b(?:winter|year|round) of (?:fighting|war)\b|"
    r"^(?:the |this |a |another )?(?:war|fighting|shelling|siege|killing)\b"
)
ENDING = re.compile(
    r"\b(?:end|stop|halt|finish|close|over|ending|stopping)\w* (?:of |to |in |for )?(?:the |this |"
    r"all )?(?:war|fighting|siege|conflict|shelling|"
    r"bloodshed|violence|hostilities|killing)|war (?:to )?(?:end|stop|be over)\w*|guns (?:to )?fall silent|"
    r"\b(?:war|fighting|shelling|siege|guns|killing|bloodshed)s? (?:(?:had|has|have|would|will|to|must|"
    r"should|might) )?(?:stop|end|cease|finish)\w*"
)
OF_SETTLING = re.compile(
    r"\b(?:peace\w*|truces?|cease-?fires?|armistice|deals?|accords?|agreements?|settlements?|treat(?:y|"
    r"ies)|plans?|proposals?|offers?|compromises?|"
    r"concessions?|talks|negotiat\w+|mediat\w+|monitors?|peacekeep\w+|withdraw\w*|pull-?out|exchanges?|"
    r"swaps?|returns?|amnest\w+|partition\w*|autonomy|"
    r"referend\w+|power-sharing|joint|shar(?:e|ed|ing)|both (?:sides|banks)|commissions?|road-?maps?|"
    r"frameworks?|formula|drafts?|memorandum|terms|text|"
    r"map|lines?|borders?|boundar\w+|zones?|demilitari\w+|buffer|reopen\w*|normali\w+|reunification|"
    r"reunit\w+|union|hand(?:ing|ed)? over|give up|given up|"
    r"giving up|leav(?:e|ing)|lay(?:ing)? down|sign(?:ed|ing)?|ratif\w+|recogni\w+|guarantees?|envoys?|"
    r"delegat\w+|negotiators?|reconcil\w+|neutral\w*|"
    r"arrangements?|initiatives?|disarm\w*|transitional|repatriation|handover|cession|cede\w*|territorial|"
    r"exchange of|compensation|"
    r"federa\w+|pause|bad peace|release|prisoners|divided|sale of|idea|measure|step|package|protocol|pact|"
    r"mission|observers|corridor)\b"
)
"""What belongs to settling, by words of the debate; articles about terms name them where they tell of an attitude."""

THING = re.compile(
    r"\b(?:checkpoints?|fence|prices?|levy|levies|tax\w*|curfews?|bakery|food|noise|dust|queues?|"
    r"mobili[sz]ation|draft notices?)\b"
)
"""Things people mind that are no terms."""


def belongs(about: str) -> int:
    """1 for what belongs to settling, -1 for what belongs to war, 0 for what neither list knows.

    Examples
    --------
    >>> belongs("the draft accord"), belongs("the offensive to continue"), belongs("an end to the war"), belongs("bread")
    (1, -1, 1, 0)
    """
    said = re.split(r",? (?:not|rather than|instead of) ", about.lower().replace("’", "'").strip())[0]
    if ENDING.search(said):
        return 1
    if OF_WAR.search(said):
        return -1
    if THING.search(said):
        return 0
    settling = OF_SETTLING.search(said)
    if settling:
        turned = re.search(r"\b(?:not|never|n't|without|no|end of the|dissolution of)\b", said)
        return -1 if turned and turned.start() < min(settling.start(), 12) else 1
    return 0


def judged(words: str) -> int:
    """1 or -1 where words judge a thing, 0 where they do not or do both.

    Examples
    --------
    >>> judged("as a trick"), judged("as the only way out"), judged("as a river")
    (-1, 1, 0)
    """
    said = words.lower().replace("’", "'")
    bad, good = BAD.search(said), GOOD.search(said)
    if bool(bad) == bool(good):
        return 0
    if good and re.search(r"\b(?:not|never|no|hardly|n't|little)\b[^.]{0,20}$", said[: good.start()]):
        return -1
    return -1 if bad else 1
