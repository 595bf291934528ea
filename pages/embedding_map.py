"""Embedding map: Which texts look alike to the frozen encoder, and where do the mistakes lie?"""

import streamlit as st

from core.ui.embedding_map.clusters import show_clusters
from core.ui.embedding_map.controls import map_is_there, pick_picture
from core.ui.embedding_map.drawing import clicked_row, show_map
from core.ui.embedding_map.found_texts import find_rows, show_found
from core.ui.embedding_map.region import show_region
from core.ui.embedding_map.row_card import show_row_cards
from core.ui.row_table import show_rows
from core.ui.view import begin_page

view = begin_page("Embedding map", "Which texts look alike to the frozen encoder, and where do the mistakes lie?")

if map_is_there(view):
    picture, words = pick_picture(view)
    found = find_rows(view, words)
    map_place = st.container()
    show_found(view, words, found)
    row_place, region_place = st.columns([2, 3], gap="large")
    with region_place:
        show_region(view)
    cluster_place = st.container()
    st.subheader("Rows of the filter", anchor=False)
    chosen = show_rows(view, view.selected.nonzero()[0], key="map")
    with map_place:
        show_map(view, picture, found=found, chosen=chosen)
    with row_place:
        show_row_cards(view, clicked=clicked_row(view), chosen=chosen)
    with cluster_place:
        show_clusters(view)  # last: naming the clusters of a large run takes a moment, once
else:
    show_rows(view, view.selected.nonzero()[0], key="map")
