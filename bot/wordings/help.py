"""How help, and who one is, are asked for."""

from bot.wording import Kind, Slot, Wording, phrases

HOW = phrases("""
    what can i do with, what can you do with, how do i, how do we, how do you, how can i, how can we, how can
    you, how to, how would i, how should i, how does one, how could i, how do, show me how to, tell me how to,
    explain how to, how does, how is, can you tell me how to, could you tell me how to, can you show me how
    to, what is the command to, what is the command for, what's the command to, what's the command for,
    explain, i want to know how to, i need to know how to, how i, show me how i, tell me how i, teach me to,
    teach me how to, how are, i need help to, which command, which commands, what command, what is the syntax
    for, what's the syntax for, syntax for, usage of, examples of, example of, examples for, example for, an
    example of, how should we, how might i, how must i, how am i supposed to, how do people, could you explain
    how to, can you explain how to, please explain how to, learn how to
""")

HELP: tuple[Wording, ...] = (
    Wording(
        (
            "help with",
            "help on",
            "help about",
            "help for",
            "help me with",
            "help",
            "? ",
            "?",
            "man",
            "usage",
            "h",
            "i need help with",
            "need help with",
            "i need some help with",
            "need help on",
            "some help with",
            "i need help on",
            "can i get help with",
            "give me help with",
            "can you help me with",
            "could you help me with",
            "can you help with",
            "give me help on",
            "instructions for",
            "documentation for",
            "docs for",
            "manual for",
            "get help on",
            "get help with",
            "show help for",
            "show help on",
            "help using",
            *HOW,
        ),
        slots=(Slot("topic", Kind.REST),),
    ),
    Wording(
        phrases("""
            help, help me, commands, command list, menu, usage, options, what can you do, what can i ask, what
            can i say, what do you do, what are you able to do, what are the commands, list commands, show
            commands, show help, show me the commands, hi, hello, hey, i need help, need help, what commands
            are there, which commands are there, what can i type, how does this work, start, how do you work,
            how does it work, who are you, what are you, what is this, help please, get started, getting
            started, i am lost, i'm lost, what now, good morning, good afternoon, good
            evening, hallo, hiya, can you help me, can you help, could you help me, show me the help, show me
            what you can do, tell me what you can do, what do you know, what commands do you know, which
            commands do you know, what commands do you have, all commands, what can this bot do, what does
            this bot do, help!, manual, docs, documentation, instructions, what can i ask you, what can you
            help with, what can you help me with, list all commands, show all commands, available commands,
            what are my options, introduce yourself, show menu, show the menu, main menu, greetings, what else
            can you do, what are your commands, how can you help, how can you help me, tell me what to do, how
            do i use this, how do i use this bot, how do i use you, what should i type, what do i type, i
            don't know what to do, could you help, which commands do you understand, what
            commands do you understand, what commands can i use, which commands can i use
        """)
    ),
)

THANKS = "thanks"
SEVERAL = "bulk"
HELP += (
    Wording(
        phrases("""
            thanks, thank you, thx, ty, cheers, many thanks, thanks a lot, thank you very much, thank you so much,
            great thanks, thanks bot, thank you bot, perfect, great
        """),
        fixed=(("topic", THANKS),),
    ),
    Wording(
        phrases("""
            bulk, bulk add, bulk change, bulk delete, bulk import, import, csv, mass change, mass delete, several
            at once, add several extensions, change several extensions, delete several extensions, add many
            extensions, change many extensions, delete many extensions
        """),
        fixed=(("topic", SEVERAL),),
    ),
)

WHOAMI = (
    Wording(
        phrases("""
            whoami, who am i, what may i do, what am i allowed to do, my permissions, my rights, my role, what
            can i do, what are my permissions, what are my rights, what is my role, what's my role, which
            permissions do i have, what permissions do i have, show my permissions, show my rights, my roles,
            what rights do i have, which rights do i have, do i have permission, do i have access, who do you
            think i am, am i an admin, am i an administrator, am i admin, show my role, my access, what access
            do i have, list my permissions, what am i permitted to do, what is my access, what can i do here,
            what may i do here, show me my permissions, show me my rights, my profile, who am i and what may i
            do, what are my permissions here, who i am, tell me who i am, am i allowed to change anything,
            what role do i have, which role do i have, what are my roles, what is my permission, my account,
            me, my name, do you know me, do you know who i am, am i authorized, am i allowed, check my
            permissions, what am i able to do, who am i to you, which access do i have, get my permissions,
            what's my access, what are my access rights, show my access, am i a full admin, am i a full
            administrator
        """)
    ),
)
