import {registry} from "@web/core/registry";

const openFavourite = (name) => [
    {
        trigger: ".o_searchview_dropdown_toggler",
        run: "click",
    },
    {
        trigger: `.o_favorite_menu .o-dropdown-item:contains('${name}')`,
        run: "click",
    },
];

/** Monday morning: are we answering, and where do we drown? */
registry.category("web_tour.tours").add("radio_response_report_tour", {
    steps: () => [
        ...openFavourite("Are we answering?"),
        {
            content: "the middle value stands beside the mean",
            trigger: ".o_pivot th:contains('Median')",
        },
        {
            trigger: ".o_pivot tr:contains('Radio'):contains('50.00')",
        },
        {
            trigger: ".o_favorite_menu .o-dropdown-item:contains('Where do we drown?')",
            run: "click",
        },
        {
            trigger: ".o_pivot th:contains('day')",
        },
        {
            trigger: ".o_switch_view.o_graph",
            run: "click",
        },
        {
            trigger: ".o_graph_canvas_container canvas",
        },
    ],
});

/** What each has contributed this year. */
registry.category("web_tour.tours").add("radio_value_report_tour", {
    steps: () => [
        ...openFavourite("Who contributed what this year?"),
        {
            trigger: ".o_pivot tr:contains('Tom'):contains('500.00')",
        },
        {
            trigger: ".o_pivot tr:contains('Jana'):contains('500.00')",
        },
    ],
});

/** The assistant's own month: what it was, and what it pays. */
registry.category("web_tour.tours").add("radio_my_month_tour", {
    steps: () => [
        {
            trigger: ".o_group_header:contains('Deal')",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Spring'):contains('500.00')",
        },
        {
            trigger: ".o_group_header:contains('Commission')",
            run: "click",
        },
        {
            content: "1 % on top",
            trigger: ".o_data_row:contains('Spring'):contains('10.00')",
        },
        {
            content: "nobody else's",
            trigger: ".o_list_view:not(:contains('100.00'))",
        },
    ],
});
