"""The command line ``zaoan``: a command exits 0 when it did its work, 1 when it could not, 2 when it was misused.

A new command is one line here: its word, where its function is, and the first paragraph of its help. It is loaded when
it is used, so that the others start as fast as before.
"""

from collections.abc import Mapping

import typer

from zaoan.terminal.lazy import Entry, Group, LazyGroup

COMMUNITY = Group(
    "The community: its name, zone, hours and area code.",
    {
        "show": Entry("zaoan.cli.community:show", "What the installation keeps about its community."),
        "set": Entry(
            "zaoan.cli.community:change",
            "Changes what is given, says what has changed, and when the next rounds are.",
        ),
    },
)
CAMPAIGN = Group(
    "Campaigns: whom to ring, when, and what for.",
    {
        "list": Entry("zaoan.cli.campaigns.campaign:list_campaigns", "Every campaign."),
        "create": Entry(
            "zaoan.cli.campaigns.campaign:create",
            "Creates a campaign: a daily check-in, or a notice that is told once. Says how many people it rings.",
        ),
        "audience": Entry(
            "zaoan.cli.campaigns.audience_command:show",
            "Whom a campaign, or any rule, means: the rule as a sentence, how many, and their names.",
        ),
        "show": Entry("zaoan.cli.campaigns.campaign_show:show", "Everything about one campaign."),
        "check": Entry(
            "zaoan.cli.campaigns.campaign_activation:check",
            "Whether a campaign can be carried out as it is planned: exit 1 where something stands in the way.",
        ),
        "activate": Entry(
            "zaoan.cli.campaigns.campaign_activation:activate",
            "A draft starts rounds by itself from now on, if nothing stands in the way.",
        ),
        "test": Entry(
            "zaoan.cli.campaigns.sample_call:ring",
            "Rings you with what a resident would hear; what you press counts for nobody.",
        ),
        "next": Entry("zaoan.cli.rounds.next_rounds:show", "When a campaign has its next rounds."),
        "start": Entry(
            "zaoan.cli.campaigns.campaign:start",
            "Starts a round now: prints its id, and below it how many people it rings.",
        ),
        "edit": Entry(
            "zaoan.cli.campaigns.campaign_changes:edit",
            "Changes the plan of a campaign, and says when its next round is; a round under way keeps its people.",
        ),
        "rename": Entry("zaoan.cli.campaigns.campaign_changes:rename", "Gives a campaign another name."),
        "pause": Entry(
            "zaoan.cli.campaigns.campaign:pause",
            "No round starts by itself until the campaign is resumed; a round under way ends.",
        ),
        "resume": Entry(
            "zaoan.cli.campaigns.campaign:resume",
            "Rounds start by themselves again, from the next one on; a round that was ended does not come back.",
        ),
        "stop": Entry(
            "zaoan.cli.campaigns.campaign:stop", "The campaign starts no round ever again; a round under way ends."
        ),
        "remove": Entry(
            "zaoan.cli.campaigns.campaign_changes:remove",
            "Takes a campaign out of the list; the rounds that it has had can still be looked at.",
        ),
    },
)
ROUND = Group(
    "Rounds: one morning of a campaign.",
    {
        "list": Entry("zaoan.cli.rounds.round:list_rounds", "The latest rounds, newest first."),
        "show": Entry("zaoan.cli.rounds.round:show", "How a round stands: everybody in it, with outcome and case."),
        "report": Entry(
            "zaoan.cli.rounds.round_report_command:report",
            "What a round has come to, by area and flag, each exception by name; also as a page, a PDF or a table.",
        ),
        "verify": Entry(
            "zaoan.cli.rounds.round_report_command:verify",
            "The certificate of completeness: every promise, checked from what is stored; exit 1 where one fails.",
        ),
        "stop": Entry(
            "zaoan.cli.rounds.round:stop",
            "Ends a round under way: calls in progress finish, nobody else is rung, and the check-ins say why.",
        ),
    },
)
REPORT = Group(
    "Reports of months, for the joint meeting.",
    {
        "month": Entry(
            "zaoan.cli.month_report:report",
            "What a month has come to: answers, calls, cases, requests, what is not closed; also as a page, PDF or "
            "table.",
        ),
    },
)
CASE = Group(
    "Cases: what a person has to deal with.",
    {
        "list": Entry("zaoan.cli.cases.case:list_cases", "Cases, the most urgent first."),
        "show": Entry("zaoan.cli.cases.case:show", "One case."),
        "accept": Entry(
            "zaoan.cli.cases.case_deeds:accept", "A responder takes a case; other telephones stop ringing."
        ),
        "on-the-way": Entry("zaoan.cli.cases.case_deeds:on_the_way", "Whoever has a case is on the way."),
        "at-the-door": Entry("zaoan.cli.cases.case_deeds:at_the_door", "Whoever has a case is at the door."),
        "on-the-phone": Entry(
            "zaoan.cli.cases.case_deeds:on_the_phone",
            "Whoever has a case is talking with the resident by telephone.",
        ),
        "note": Entry("zaoan.cli.cases.case_deeds:note", "Writes a note on a case, which goes on as it was."),
        "hand-over": Entry(
            "zaoan.cli.cases.case_deeds:hand_over",
            "Another responder is asked to take a case over; until they accept, whoever has it has it.",
        ),
        "give-back": Entry(
            "zaoan.cli.cases.case_deeds:give_back", "Whoever has a case cannot look after it: others are asked."
        ),
        "connect": Entry(
            "zaoan.cli.cases.case_deeds:connect", "Rings whoever has a case, and connects them with the resident."
        ),
        "ring-again": Entry(
            "zaoan.cli.cases.case_deeds:ring_again", "Rings the resident of a case now, in the permitted hours."
        ),
        "merge": Entry("zaoan.cli.cases.case_deeds:merge", "Two cases about one resident become one, the more urgent."),
        "reopen": Entry(
            "zaoan.cli.cases.case_deeds:reopen", "A closed case is open again, and helpers are rung about it."
        ),
        "close": Entry("zaoan.cli.cases.case_deeds:close", "Closes a case with what was found."),
    },
)
RESIDENT = Group(
    "Residents: who is looked after, and what staff decide about them.",
    {
        "list": Entry(
            "zaoan.cli.people.resident:list_residents",
            "Everybody who is looked after: where they live, their telephone, and whether they are rung.",
        ),
        "show": Entry(
            "zaoan.cli.people.resident:show",
            "Everything that is known of one resident; of their health only where it is asked for.",
        ),
        "add": Entry(
            "zaoan.cli.people.resident_add:add",
            "Takes in a resident; whoever has agreed is rung from the next round on.",
        ),
        "set": Entry(
            "zaoan.cli.people.resident_changes:change",
            "Changes what is written down about a resident; today's calls follow at once.",
        ),
        "move": Entry(
            "zaoan.cli.people.resident_changes:move",
            "The resident lives in another home here from now on; consent, history and telephones stay as they are.",
        ),
        "phone": Entry(
            "zaoan.cli.people.resident_phone:phone",
            "Whether a telephone may be rung; one that may not stops ringing, and the next one is tried.",
        ),
        "history": Entry(
            "zaoan.cli.people.history:of_resident",
            "What was changed of a resident's file and of their home, by whom and when, the newest first.",
        ),
        "duplicates": Entry(
            "zaoan.cli.people.duplicates:duplicates",
            "Who may have been written down twice, the likeliest first; nothing is done with them.",
        ),
        "merge": Entry(
            "zaoan.cli.people.duplicates:merge",
            "Two files of one person become one; calls, cases and history of both are kept. It cannot be undone.",
        ),
        "distinct": Entry(
            "zaoan.cli.people.duplicates:distinct",
            "Two residents who look alike are two people: they are offered as duplicates no more.",
        ),
        "pause": Entry(
            "zaoan.cli.people.resident:pause",
            "Nobody rings the resident on these days of community time; from today, calls under way end kindly.",
        ),
        "resume": Entry("zaoan.cli.people.resident:resume", "The resident is rung again, from the next round on."),
        "remove": Entry(
            "zaoan.cli.people.resident:remove",
            "The resident is looked after no more: calls end, cases are closed with that finding, the history is kept.",
        ),
        "restore": Entry(
            "zaoan.cli.people.resident:restore", "Takes a removal back: the resident is looked after as before."
        ),
        "export": Entry(
            "zaoan.cli.people.resident_data:export",
            "Everything that is kept about a resident, for them to read: data.json and their recordings in a ZIP file.",
        ),
        "erase": Entry(
            "zaoan.cli.people.resident_data:erase",
            "Erases all that is known of a resident who has left, for good; what rounds are counted by stays, as "
            "nobody's.",
        ),
        "consent": Entry(
            "zaoan.cli.people.resident:consent",
            "Records that a resident agrees to be called, or wishes no calls; nothing else undoes such a wish.",
        ),
    },
)
HOUSEHOLD = Group(
    "Households: homes, who lives in them, and the way in.",
    {
        "list": Entry("zaoan.cli.homes.household:list_households",
                      "Every home in which somebody lives, and how many do."),
        "show": Entry("zaoan.cli.homes.household:show", "One home: who lives there, and the way in."),
        "add": Entry("zaoan.cli.homes.household:add",
                     "Writes down a home in which nobody lives yet; whoever moves in by any way finds it."),
        "set": Entry("zaoan.cli.homes.household:change",
                     "Changes what is known of the way into a home, for everybody who lives there."),
        "move": Entry("zaoan.cli.homes.household:move",
                      "Everybody who lives in a home lives at another address from now on, in which nobody lives yet."),
        "split": Entry("zaoan.cli.homes.household:split",
                       "Some of those who live in a home live at another address from now on; at least one of them "
                       "stays."),
        "merge": Entry("zaoan.cli.homes.household:merge",
                       "Everybody who lives in the other home lives in this one from now on, with who lives here."),
        "history": Entry(
            "zaoan.cli.people.history:of_household",
            "What was changed of a home, and of those whose people came from there, the newest first.",
        ),
    },
)  # fmt: skip
AREA = Group(
    "Areas: the tree of grids, buildings and units in which homes lie.",
    {
        "list": Entry("zaoan.cli.homes.area:list_areas",
                      "The whole tree: every area, of which kind it is, and in what it lies."),
        "create": Entry("zaoan.cli.homes.area:create", "Writes down a grid, a building or a unit."),
        "rename": Entry("zaoan.cli.homes.area:rename", "Another name for an area; homes and responders stay with it."),
        "move": Entry("zaoan.cli.homes.area:move",
                      "The area lies in another one from now on, with all that lies in it: a building in a grid."),
        "remove": Entry("zaoan.cli.homes.area:remove",
                        "Takes away an area in which nothing lies, and which nobody looks after."),
    },
)  # fmt: skip
LIST = Group(
    "Lists of residents for purposes of the office's own, which campaigns can be for.",
    {
        "show": Entry("zaoan.cli.people.own_lists:show", "All lists, or who is on one."),
        "create": Entry("zaoan.cli.people.own_lists:create", "Makes a list with these residents on it."),
        "add": Entry("zaoan.cli.people.own_lists:add", "Puts residents on a list."),
        "remove": Entry("zaoan.cli.people.own_lists:remove", "Takes residents off a list."),
    },
)
RELATIVE = Group(
    "Relatives: who of a resident's family is told how they are.",
    {
        "list": Entry(
            "zaoan.cli.people.relative:list_relatives",
            "Who of a resident's family is told how they are, and what of.",
        ),
        "add": Entry(
            "zaoan.cli.people.relative:add", "Writes down a relative; they are told from now on what they want to know."
        ),
        "set": Entry(
            "zaoan.cli.people.relative:change",
            "Changes what is written down about a relative; texts that wait do not go to a telephone they had.",
        ),
        "remove": Entry(
            "zaoan.cli.people.relative:remove",
            "The relative is told nothing any more, not even what waits to be sent.",
        ),
        "link": Entry(
            "zaoan.cli.people.relative:link",
            "Gives a relative the link to their page: how the resident is, and what they can say to us.",
        ),
    },
)
RESPONDER = Group(
    "Responders: who can go and help.",
    {
        "list": Entry(
            "zaoan.cli.people.responder:list_responders",
            "Everybody who can go and help: their role, all areas that they look after, and their telephone.",
        ),
        "show": Entry("zaoan.cli.people.responder:show", "Everything that is known of one responder."),
        "add": Entry(
            "zaoan.cli.people.responder_changes:add",
            "Writes down somebody who can go and help; they are asked at once.",
        ),
        "set": Entry(
            "zaoan.cli.people.responder_changes:change",
            "Changes what is written down about a responder; a telephone that is theirs no more stops ringing.",
        ),
        "remove": Entry(
            "zaoan.cli.people.responder_changes:remove",
            "The responder is asked about nothing any more; what they have in hand goes to others at once.",
        ),
        "restore": Entry(
            "zaoan.cli.people.responder_changes:restore", "Takes a removal back: the responder is asked as before."
        ),
    },
)
USER = Group(
    "Users: who may sign in to the pages.",
    {
        "list": Entry("zaoan.cli.access.user:list_users", "Everybody who may sign in, or might once."),
        "create": Entry(
            "zaoan.cli.access.user:create",
            "Writes down a user and prints the link by which they choose a password; it works once, for three days.",
        ),
        "disable": Entry(
            "zaoan.cli.access.user:disable",
            "Ends all that a user may do, in every browser; what they did stays in their name.",
        ),
        "enable": Entry(
            "zaoan.cli.access.user:enable",
            "Takes a disabling back: the user signs in as before, with the password and the passkeys that they had.",
        ),
        "role": Entry("zaoan.cli.access.user:change_role", "Changes what a user may do, from their next request on."),
        "sign-out": Entry(
            "zaoan.cli.access.user:sign_out",
            "Ends every session of a user: each of their browsers has to sign in again.",
        ),
        "remove-codes": Entry(
            "zaoan.cli.access.user:remove_codes",
            "Asks a user for no code any more, until they turn codes on again: for whoever has lost their "
            "authenticator.",
        ),
        "remove-passkeys": Entry(
            "zaoan.cli.access.user:remove_passkeys",
            "Removes every passkey of a user, who signs in with a password again: for whoever has lost their device.",
        ),
        "reset": Entry(
            "zaoan.cli.access.user:reset",
            "Ends a user's password, codes, passkeys and sessions, and prints a new link; lets in again who was "
            "disabled.",
        ),
    },
)
ROSTER = Group(
    "The roster: who is on duty when, who is not there, and when nobody is on duty.",
    {
        "show": Entry(
            "zaoan.cli.roster.show:show",
            "Every shift, absence and swap that is not over, and when nobody is on duty.",
        ),
        "gaps": Entry(
            "zaoan.cli.roster.show:gaps",
            "When nobody is on duty for a building; everybody who can be asked is asked then.",
        ),
        "who": Entry(
            "zaoan.cli.roster.show:who", "Who is on duty for a building, a grid or a resident, the nearest first."
        ),
        "add": Entry("zaoan.cli.roster.changes:add", "Puts a responder on duty, every week or once."),
        "remove": Entry(
            "zaoan.cli.roster.changes:remove",
            "A shift is no more, with its swaps; an absence ends now, or is no more where it had not begun.",
        ),
        "absent": Entry(
            "zaoan.cli.roster.changes:absent",
            "A responder is not there; they are asked only where nobody else is left.",
        ),
        "swap": Entry(
            "zaoan.cli.roster.changes:swap", "Two responders exchange shifts, or one takes a shift of another."
        ),
        "feed": Entry(
            "zaoan.cli.roster.changes:feed",
            "A link under which a responder's own calendar shows their duty; the one before ends.",
        ),
    },
)
TOKEN = Group(
    "Tokens: which programs may use the API.",
    {
        "list": Entry(
            "zaoan.cli.access.token:list_tokens", "Every token: what it may do, until when, and when it was used."
        ),
        "create": Entry(
            "zaoan.cli.access.token:create", "Makes a token for a program and prints it; it cannot be shown again."
        ),
        "revoke": Entry("zaoan.cli.access.token:revoke", "From now on nobody is let in with this token."),
    },
)
KEYS = Group(
    "Data keys: what personal data is encrypted with in the database.",
    {
        "list": Entry(
            "zaoan.cli.access.keys:list_keys",
            "Every data key of the database: since when, how it stands, and how many values need it; reads every row.",
        ),
        "rotate": Entry(
            "zaoan.cli.access.keys:rotate",
            "Makes a new data key and brings everything under it while the service goes on; broken off, it is done "
            "again.",
        ),
        "create": Entry(
            "zaoan.cli.access.keys:create",
            "Prints a new data key, for the setting ZAOAN_DATA_KEYS; it is kept nowhere.",
        ),
    },
)
WEBHOOK = Group(
    "Webhooks: which systems outside are told what happens.",
    {
        "list": Entry("zaoan.cli.access.webhook:list_webhooks", "Every address that is told what happens."),
        "create": Entry(
            "zaoan.cli.access.webhook:create",
            "From now on this address is told; prints the secret with which everything is signed, this once.",
        ),
        "rotate": Entry(
            "zaoan.cli.access.webhook:rotate",
            "Gives a webhook a new secret; for a day everything is signed with the one before as well.",
        ),
        "test": Entry(
            "zaoan.cli.access.webhook:send_test",
            "Sends `webhook.test` there, by the running service; zaoan webhook deliveries shows what came of it.",
        ),
        "deliveries": Entry(
            "zaoan.cli.access.webhook:deliveries",
            "What a webhook was told in the last thirty days and what waits, the newest first.",
        ),
        "revoke": Entry("zaoan.cli.access.webhook:revoke", "Nothing more is told there, not even what waits."),
    },
)
DIALOGUE = Group(
    "What callers hear: read it, keep it as a document, have it proofread.",
    {
        "list": Entry("zaoan.cli.prompts.dialogue:list_dialogues", "The names of all dialogues, each with its forms."),
        "show": Entry(
            "zaoan.cli.prompts.dialogue:show",
            "One dialogue with people who do not exist: every word and where each key leads; --json prints the "
            "document.",
        ),
        "check": Entry(
            "zaoan.cli.prompts.dialogue:check",
            "Proofreads a document: every problem with its step and key, or that there is none (exit code 0).",
        ),
    },
)
PROMPT = Group(
    "Prompts: what the voice says, and how it sounds.",
    {
        "list": Entry(
            "zaoan.cli.prompts.prompt:list_prompts",
            "Every prompt with its words; the numbers are those of the parts that can be recorded one by one.",
        ),
        "render": Entry(
            "zaoan.cli.prompts.prompt_render:render",
            "Renders prompts with example words and measures them; exit 1 if one does not sound as it must.",
        ),
        "play": Entry(
            "zaoan.cli.prompts.prompt_play:play",
            "Plays one prompt as a call says it, or says where its sound file is.",
        ),
        "say": Entry(
            "zaoan.cli.prompts.prompt_say:say_sentence",
            "Has any sentence spoken as a call would play it, into a sound file.",
        ),
        "pinyin": Entry(
            "zaoan.cli.prompts.prompt:show_pinyin",
            "The syllables that the voice is told for a text, so that a wrong reading is seen before it is heard.",
        ),
        "record": Entry(
            "zaoan.cli.prompts.prompt:record",
            "Keeps a recording in place of the synthetic voice: a whole prompt, one part of it, or the words of a gap.",
        ),
        "recordings": Entry(
            "zaoan.cli.prompts.prompt:recordings", "Every recording that is played in place of the synthetic voice."
        ),
        "forget": Entry(
            "zaoan.cli.prompts.prompt:forget", "Removes a recording; the synthetic voice says its words again."
        ),
    },
)
COMMANDS: Mapping[str, Entry | Group] = {
    "up": Entry("zaoan.cli.processes:up", "Everything in one process, until it is interrupted."),
    "web": Entry("zaoan.cli.processes:web", "Only the web server: pages, and the telephone's questions."),
    "worker": Entry("zaoan.cli.processes:worker", "Only a worker: dials, climbs ladders, sends texts."),
    "beat": Entry("zaoan.cli.processes:beat", "Only the beat that sends a tick to the workers every second."),
    "trunk": Entry(
        "zaoan.cli.processes:trunk", "Only the trunk, which makes calls over SIP for services on other machines."
    ),
    "exchange": Entry("zaoan.cli.processes:exchange", "Only the bundled exchange, which simulates telephones."),
    "demo": Entry("zaoan.cli.rehearsing:demo", "A demo neighbourhood lives through its morning."),
    "rehearse": Entry("zaoan.cli.rehearsing:rehearse", "A whole morning with scripted people, judged."),
    "doctor": Entry("zaoan.cli.doctor:doctor", "Looks at everything that an installation depends on."),
    "migrate": Entry("zaoan.cli.maintenance:migrate", "Brings the database to the schema of this version."),
    "retention": Entry(
        "zaoan.cli.retention:retention",
        "What is kept how long, how much of it there is, and what would go next; deletes nothing.",
    ),
    "import": Entry(
        "zaoan.cli.lists.spreadsheet:import_file",
        "Imports residents or responders from a spreadsheet; again, it changes only what differs.",
    ),
    "export": Entry(
        "zaoan.cli.lists.spreadsheet:export",
        "Writes all residents, or all responders, to a spreadsheet that can be imported again.",
    ),
    "community": COMMUNITY,
    "campaign": CAMPAIGN,
    "round": ROUND,
    "report": REPORT,
    "checklist": Entry(
        "zaoan.cli.lists.checklist:checklist",
        "Today's list on paper, by building: names, telephones, relatives, and boxes to tick.",
    ),
    "case": CASE,
    "resident": RESIDENT,
    "household": HOUSEHOLD,
    "area": AREA,
    "list": LIST,
    "relative": RELATIVE,
    "responder": RESPONDER,
    "roster": ROSTER,
    "user": USER,
    "token": TOKEN,
    "keys": KEYS,
    "webhook": WEBHOOK,
    "trial": Entry("zaoan.cli.campaigns.trials:trial", "Rings a resident who has agreed, to practise the keys."),
    "trials": Entry(
        "zaoan.cli.campaigns.trials:list_trials", "The latest trial call of every resident, and what it has shown."
    ),
    "dialogue": DIALOGUE,
    "prompt": PROMPT,
    "version": Entry("zaoan.cli.maintenance:version", "The version of Zao'an."),
}


class CommandLine(LazyGroup):
    """All words after ``zaoan``."""

    words: Mapping[str, Entry | Group] = COMMANDS


app = typer.Typer(
    cls=CommandLine, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)


@app.callback()
def zaoan() -> None:
    """Zao'an rings older residents every morning and does not let go until a person has dealt with every answer."""
