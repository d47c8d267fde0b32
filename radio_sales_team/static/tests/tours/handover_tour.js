import {registry} from "@web/core/registry";

/** The back office asks whoever has time, a seller takes over. */
registry.category("web_tour.tours").add("radio_handover_tour", {
    steps: () => [
        {
            content: "hand over",
            trigger: ".o_statusbar_buttons button:contains('Hand over')",
            run: "click",
        },
        {
            content: "ask the one who has time",
            trigger: ".modal .o_data_row:contains('Tom') button:contains('Hand over')",
            run: "click",
        },
        {
            content: "the form says who was asked",
            trigger: "body:not(:has(.modal)) .alert:contains('Tom')",
        },
    ],
});

registry.category("web_tour.tours").add("radio_handover_seller_tour", {
    steps: () => [
        {
            content: "take over from the list",
            trigger: ".o_data_row:contains('Tour: hand over') button:contains('I take over')",
            run: "click",
        },
        {
            content: "the inquiry is mine",
            trigger: ".o_form_view div[name=user_id]:contains('Tom'), .o_form_view div[name=user_id] input",
        },
    ],
});

registry.category("web_tour.tours").add("radio_round_tour", {
    steps: () => [
        {
            content: "keep it until tomorrow, with one click",
            trigger: ".o_data_row:contains('Tour: round') button:contains('Tomorrow')",
            run: "click",
        },
        {
            content: "it is decided, and leaves the list",
            trigger: ".o_list_view:not(:contains('Tour: round'))",
        },
    ],
});

/** One story, told by those who work in it: talk and ask, cannot, ask again, call. */
registry.category("web_tour.tours").add("radio_story_talk_tour", {
    steps: () => [
        {
            content: "the back office has the customer on the phone",
            trigger: ".o_statusbar_buttons button[name=action_log_contact]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note]:last textarea",
            run: "edit Wants ten spots in May",
        },
        {
            content: "what happens next: hand over",
            trigger: ".modal .o_field_widget[name=next_step] label:contains('Hand over')",
            run: "click",
        },
        {
            content: "somebody is proposed",
            trigger: ".modal .o_field_widget[name=seller_id] input",
            run: "edit Tom",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Tom')",
            run: "click",
        },
        {
            content: "one save",
            trigger: ".modal footer button[name=action_save]:visible",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .alert:contains('Tom')",
        },
        {
            content: "the story is told in one place",
            trigger: "a[name=contact_attempts]",
            run: "click",
        },
        {
            trigger: "div[name=story]:contains('Wants ten spots in May'):contains('Tom was asked')",
        },
    ],
});

registry.category("web_tour.tours").add("radio_story_decline_tour", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('Tour: story') button:contains('I cannot')",
            run: "click",
        },
        {
            content: "why",
            trigger: ".modal label:contains('Tour: no time')",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_save]",
            run: "click",
        },
        {
            content: "nobody asks any more",
            trigger: "body:not(:has(.modal)) .o_list_view:not(:contains('Tour: story'))",
        },
    ],
});

registry.category("web_tour.tours").add("radio_story_round_tour", {
    steps: () => [
        {
            content: "it stands in the morning round, with what happened",
            trigger:
                ".o_data_row:contains('Tour: story'):contains('Tom cannot take over') button:contains('Hand over')",
            run: "click",
        },
        {
            trigger: ".modal .o_data_row:contains('Lena') button:contains('Hand over')",
            run: "click",
        },
        {
            content: "asked again, by one click from the list",
            trigger: "body:not(:has(.modal)) .o_data_row:contains('Tour: story'):contains('Lena asked')",
        },
    ],
});

registry.category("web_tour.tours").add("radio_story_accept_tour", {
    steps: () => [
        {
            trigger: ".o_data_row:contains('Tour: story') button:contains('I take over')",
            run: "click",
        },
        {
            content: "my own time to call stands beside the first contact",
            trigger:
                ".o_form_view div[name=sla_badge]:contains('Seller:'):contains('First contact: Answered')",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_log_contact]",
            run: "click",
        },
        {
            trigger: ".modal footer button[name=action_save]:visible",
            run: "click",
        },
        {
            content: "called",
            trigger: "body:not(:has(.modal)) div[name=seller_badge]:contains('Called after')",
        },
    ],
});

/** A link in a mail opens the form on which a seller says why not. */
registry.category("web_tour.tours").add("radio_handover_link_tour", {
    steps: () => [
        {
            trigger: ".o_form_view label:contains('Tour: why')",
            run: "click",
        },
        {
            trigger: "button[name=action_save]",
            run: "click",
        },
        {
            trigger: ".o_list_view",
        },
    ],
});

/** Somebody is ill: propose, review, hand over; and back again. */
registry.category("web_tour.tours").add("radio_succession_tour", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=user_id] input",
            run: "edit Tom",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Tom')",
            run: "click",
        },
        {
            content: "save to see the proposal",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Tour: stand-in'):contains('Lena')",
        },
        {
            trigger: "button[name=action_hand_over]",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            content: "they are back",
            trigger: "button[name=action_undo]",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains('Given back')",
        },
    ],
});
