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
