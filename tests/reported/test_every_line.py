"""What people have reported of programs like this one, a line each, and the tests that hold it here.

This package has those that belong to no room; the others are beside what they test.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

WRONG_ROWS = {
    "A notebook run again, or tables that swap names, show the similarities of other photos": [
        "engine/search/test_histories.py::test_a_notebook_run_again_searches_the_photos_of_now",
        "engine/search/test_histories.py::test_tables_that_swap_their_names_by_rename",
        "engine/search/test_blocks.py::test_a_table_made_again_has_its_own_vectors",
    ],
    "Rows vanish where a query has subqueries, windows or nested searches": [
        "engine/relations/test_late.py::test_any_other_query_is_not",
        "engine/relations/test_late.py::test_a_nested_search_in_where_chooses_its_rows_once",
        "differential/test_random_queries.py::test_",
    ],
    "A csv with one very long field becomes one column": [
        "engine/sources/test_csv_files.py::test_a_field_of_200_kb_does_not_hide_the_separator",
        "engine/sources/test_csv_files.py::test_a_record_beyond_the_sample_does_not_hide_the_separator",
    ],
    "Large ids of a csv or JSON file become floating point": [
        "engine/sources/test_csv_values.py::test_whole_numbers_of_any_size_are_exact",
        "engine/sources/test_json_values.py::test_whole_numbers_of_any_size_are_exact",
    ],
    "Times with a zone lose it": [
        "engine/sources/test_csv_values.py::test_times_with_a_zone_keep_the_moment",
    ],
    "Texts of JSON are taken for UUIDs, dates and times": [
        "engine/sources/test_json_values.py::test_a_string_stays_as_it_is_written",
    ],
    "JSON behind a byte order mark is one row": [
        "engine/sources/test_json_values.py::test_records_are_rows_whatever_stands_around_them",
    ],
    "Values of rarer types are changed on their way out": [
        "python/test_every_type.py::test_the_table_has_every_type",
        "python/test_every_type.py::test_a_value_is_the_one_that_duckdb_shows",
        "python/test_every_type.py::test_what_cannot_be_carried_is_refused_by_name",
    ],
    "Sums are texts in JSON and objects in pandas": [
        "python/test_every_type.py::test_sums_of_integers_are_integers",
        "engine/export/test_values.py::test_json_has_the_value",
    ],
    "DELETE takes what is no condition and deletes every row": [
        "engine/query/test_clauses.py::test_a_condition_that_is_none_is_marked_and_changes_nothing",
        "engine/query/test_clauses.py::test_an_assignment_that_is_none_is_marked_and_changes_nothing",
    ],
    "SQL's own catalogues name no table": [
        "reported/test_catalogue_of_sql.py::test_every_catalogue_names_our_tables",
    ],
    "A drive that is away costs all vectors": [
        "engine/embed/test_own_column.py::test_vectors_stay_while_their_files_cannot_be_reached",
    ],
    "A notebook in a folder below finds no photo, and its CONVERT wipes the vectors": [
        "engine/test_path_folders.py::test_a_convert_from_another_notebook_loses_no_vector",
        "engine/test_path_folders.py::test_a_copied_folder_is_found_from_any_notebook",
    ],
    "New photos are not searched and nobody says so": [
        "engine/test_embedding_statements.py::"
        "test_a_search_says_how_many_rows_have_no_vector_and_what_gives_them_one",
    ],
    "A folder has changed: an append doubles its rows, a replace loses what was added to them": [
        "reported/test_changed_folder.py::test_new_files_come_gone_ones_go_and_the_others_keep_their_columns",
    ],
    "TIFFs of rarer kinds are garbage": [
        "images/test_tiff.py::test_every_kind_is_read_as_it_was_stored",
    ],
    "A text that the model was never taught gives arbitrary photos": [
        "reported/test_unread_texts.py::test_a_text_that_mini_was_not_taught_is_refused_by_name",
        "models/test_vocabulary.py::test_",
    ],
    "A search box replaces a table": [
        "engine/test_read_only.py::test_what_would_change_something_is_refused_and_changes_nothing",
    ],
}

DEAD_OR_HUNG = {
    "A file of the folder is executed, or ends the kernel, by its name": [
        "e2e/test_hostile_folder.py::test_the_kernel_starts_answers_and_embeds",
        "e2e/test_hostile_folder.py::test_the_language_server_starts_and_answers",
    ],
    "The working folder is deleted": [
        "e2e/test_folder_wire.py::test_a_kernel_answers_when_its_folder_goes_away",
        "jupyter/test_working_folder.py::test_all_is_answered_in_a_folder_that_is_gone",
    ],
    "A pipe, a device or a dead disk is waited for": [
        "analysis/test_files_beside.py::test_what_is_no_file_is_neither_opened_nor_offered",
        "analysis/test_files_beside.py::test_a_dead_disk_is_left_after_a_moment",
        "engine/sources/test_odd_files.py::test_a_pipe_is_refused_and_not_waited_for",
    ],
    "A file name that is no UTF-8 stops a COPY": [
        "engine/sources/test_odd_files.py::test_a_name_that_is_no_utf_8_is_left_out_and_named",
    ],
    "Odd cells, packed JSON, mixed line ends, NUL in a path, names of 255 bytes": [
        "engine/sources/test_workbooks.py::test_cells_keep_their_values",
        "engine/sources/test_json_values.py::test_packed_json_is_read",
        "engine/sources/test_csv_files.py::test_line_ends_of_all_kinds_and_mixed_end_lines",
        "engine/sources/test_odd_files.py::test_a_path_that_no_file_has_is_told_in_one_line",
        "engine/export/test_whole.py::test_names_of_all_kinds_can_be_written",
    ],
    "A forked child dies or hangs": [
        "python/test_forks.py::test_who_forks_at_work_is_refused_and_who_spawns_or_forks_before_is_served",
    ],
    "Object storage out of reach, or one damaged table, stops everything": [
        "engine/store/test_damage.py::test_a_damaged_data_file_is_told_with_its_table_and_what_to_do",
        "engine/store/test_remote.py::test_",
    ],
    "A table whose newest version cannot be read is unknown and its name taken": [
        "engine/store/test_damage.py::test_a_damaged_table_is_listed_as_damaged_and_the_others_as_they_are",
        "engine/store/test_damage.py::test_a_name_is_free_again_after_drop",
    ],
    "An error of a query over a wide table is a bug": [
        "engine/relations/test_late.py::test_errors_of_reading_late_are_those_of_the_query",
    ],
    "A long sum hides all that is wrong in a document": [
        "reported/test_long_queries.py::test_what_is_wrong_beside_them_is_still_marked",
        "reported/test_long_queries.py::test_they_run_or_are_refused",
    ],
    "Widgets stay alive for ever": [
        "jupyter/browser/test_browser_outputs.py::test_widgets_give_back_all_that_they_are_made_of",
    ],
    "Control bytes of data steer the terminal": [
        "test_visible.py::test_results_are_harmless_as_text_html_and_markdown",
        "test_visible.py::test_errors_are_harmless_and_the_caret_stays_under_its_place",
    ],
    "Stop is not heard": [
        "engine/embed/test_stopping.py::test_while_a_disk_does_not_say_what_its_files_are",
        "engine/embed/test_stopping.py::test_while_a_file_is_hashed",
        "engine/embed/test_stopping.py::test_between_the_vectors_that_are_spooled",
        "engine/embed/test_key_index.py::test_looking_for_keys_stops_when_the_user_says_so",
        "engine/search/test_vectors.py::test_scoring_stops_soon_after_it_is_asked_to",
        "engine/sources/test_odd_files.py::test_unpacking_stops_when_the_user_asks",
        "e2e/test_interrupt_times.py::test_long_work_stops_and_the_next_cell_runs",
    ],
}

GRAMMAR_AND_EDITOR = {
    "An operator at the start of a line, braces, EXPORT behind SIMILAR TO, CREATE AS PIVOT": [
        "statements/test_boundaries.py::test_a_statement_goes_on_over_lines",
    ],
    "Statements without semicolons are joined wrongly": [
        "statements/test_boundaries.py::test_statements_end_where_the_next_one_begins",
        "statements/test_boundaries.py::test_any_two_statements_in_a_row_are_two",
    ],
    "VALUES are typed before their target is known": [
        "engine/store/test_insert.py::test_values_are_typed_for_their_column_one_by_one",
        "engine/store/test_insert.py::test_a_value_that_would_become_another_is_refused",
    ],
    "Statements that have no sense here are refused with a wrong guess": [
        "statements/test_answers.py::test_each_head_is_answered_unless_it_begins_a_statement_by_now",
        "statements/test_answers.py::test_only_what_has_no_sense_is_answered",
    ],
    "Curly quotes and full-width signs are taken for names": [
        "statements/test_answers.py::test_signs_of_other_alphabets_are_named_and_their_fix_runs",
    ],
    "Messages name inner things or settings that are refused": [
        "duck/test_told.py::test_nothing_inner_is_told",
    ],
    "Keywords are inserted without quotes by completion and rename": [
        "completion/test_what_is_offered_runs.py::test_every_keyword_can_be_taken_as_a_columns_name",
        "completion/test_what_is_offered_runs.py::test_every_keyword_can_be_taken_as_a_tables_name",
        "analysis/test_renaming.py::test_a_new_name_is_quoted_where_sql_would_not_read_it",
    ],
    "Renaming a table leaves its name before a column": [
        "analysis/test_renaming.py::test_a_table_is_renamed_where_it_owns_columns_in_every_statement",
    ],
    "Renaming a column changes the field of a structure": [
        "analysis/test_renaming.py::test_a_field_of_a_structure_is_no_column_of_its_name",
    ],
    "Completion of paths cuts before it filters": [
        "analysis/test_files_beside.py::test_a_file_is_found_among_many_that_do_not_fit",
    ],
    "The header of a csv ends at what only looks like a line break": [
        "analysis/test_files_beside.py::test_the_header_of_a_csv_is_its_first_row_whatever",
    ],
    "Misspelt functions, ambiguous columns, GROUP BY, types, arity are not marked": [
        "analysis/test_semantic_mutants.py::test_",
    ],
    "Editor and run say different things": [
        "analysis/test_same_words.py::test_editor_and_run_say_the_same",
        "analysis/test_same_words.py::test_there_are_enough_of_them_for_every_statement",
    ],
    "The console cuts paths to the same letters": [
        "jupyter/test_text_table.py::test_paths_are_whole_where_there_is_room",
        "jupyter/test_text_table.py::test_a_path_is_shortened_at_its_beginning_so_that_rows_differ",
        "e2e/test_console.py::test_paths_are_whole_where_the_terminal_has_room",
    ],
    "Nothing is offered before FROM": [
        "completion/test_sql.py::test_the_columns_of_all_tables_are_offered_before_from",
        "completion/test_sql.py::test_taking_a_column_before_from_writes_its_from",
    ],
    "Words of the dialect have no colour in JupyterLab": [
        "e2e/test_jupyterlab_colours.py::test_a_cell_has_the_colours_of_the_theme",
        "e2e/test_jupyterlab_colours.py::test_a_file_has_the_colours_of_the_theme",
    ],
    "SET display.progress does not hold in Python": [
        "python/test_progress_setting.py::test_off_is_off_and_holds_until_it_is_changed",
    ],
}

FILES = {
    "Names that a Mac or a NAS decomposes are not found as they are typed": [
        "catalog/test_spellings.py::test_a_file_is_found_however_its_name_is_typed",
        "engine/test_spelt_names.py::test_a_table_stores_what_the_disk_has",
        "engine/test_spelt_names.py::test_csv_files_and_their_paths_are_found",
        "engine/test_spelt_names.py::test_a_picture_is_searched_for",
        "engine/test_spelt_names.py::test_a_condition_finds_the_photo",
        "engine/test_spelt_names.py::test_changes_find_their_rows",
        "analysis/test_files_beside.py::test_names_are_offered_once_as_they_are_typed",
        "differential/test_random_spellings.py::test_paths_are_found_however_they_are_spelt_and_typed",
    ],
}

PICTURES = {
    "Parquet with picture bytes is refused by CONVERT and PRINT": [
        "engine/test_picture_sources.py::"
        "test_a_parquet_of_hugging_face_is_copied_converted_shown_and_exported",
        "engine/test_picture_sources.py::"
        "test_vectors_are_the_same_bits_wherever_a_picture_is_and_each_is_embedded_once",
    ],
    "A picture in image= gives an error of 65,000 letters, an address one about relative paths": [
        "engine/test_picture_sources.py::test_a_search_finds_a_picture_by_any_of_them",
        "reported/test_long_literals.py::test_an_error_says_what_is_wrong_without_it",
        "reported/test_long_literals.py::test_an_editor_shows_nothing_of_it",
    ],
}

TABLES = {
    "A hidden sheet is read before the visible one, and no sheet can be named": [
        "engine/sources/test_workbooks.py::test_the_first_sheet_to_be_seen_is_read_and_the_others_are_named",
        "engine/sources/test_workbooks.py::test_a_sheet_is_read_by_name_and_by_number",
    ],
    "A csv has no encoding, delimiter or header option; Shift-JIS and GBK become mojibake": [
        "engine/sources/test_csv_options.py::test_options_say_how_a_file_is_written",
        "tabular/test_encodings.py::test_three_words_are_enough",
        "engine/sources/test_random_tables.py::test_every_text_comes_out_as_it_was_written",
    ],
    "Several files by a pattern are no file": [
        "engine/sources/test_several_files.py::test_a_pattern_and_a_list_and_a_folder_are_read_in_natural_order",
    ],
}

FOLDERS = {
    "Folders of network disks, trashes and systems are taken as photos": [
        "folders/test_walk.py::test_what_systems_and_network_disks_put_there_is_not_taken",
        "engine/sources/test_folders.py::test_one_line_says_what_was_left_out_and_why_by_ending",
    ],
    "Linked folders are passed over silently": [
        "folders/test_walk.py::test_a_linked_folder_is_read_once_and_the_folder_itself_comes_first",
        "folders/test_walk.py::test_loops_end",
        "folders/test_walk.py::test_links_to_folders_are_named_if_they_are_not_followed",
    ],
    "Folders that cannot be read are passed over silently": [
        "folders/test_walk.py::test_a_folder_that_cannot_be_read_is_named",
        "engine/sources/test_unreadable.py::test_a_folder_that_may_not_be_read_is_named",
        "engine/sources/test_folders.py::test_a_folder_that_goes_away_meanwhile_is_told_and_nothing_is_stored",
    ],
    "Three photos and four films give only the films": [
        "engine/sources/test_folders.py::test_pictures_are_taken_although_there_are_more_films",
        "folders/test_walk.py::test_a_live_photo_is_a_still_and_its_film",
    ],
    "Endings are read from a csv and not from a folder": [
        "engine/sources/test_folders.py::test_every_ending_that_a_decoder_reads_is_taken",
    ],
    "A folder gives paths alone, and people look for time, camera and place first": [
        "engine/sources/test_folders.py::test_a_row_says_when_where_and_with_what_it_was_taken",
        "images/test_metadata.py::test_it_is_what_pillow_finds",
        "images/test_metadata.py::test_a_time_that_cannot_be_is_none",
        "images/test_metadata.py::test_a_place_that_cannot_be_is_none",
    ],
}

LINES = WRONG_ROWS | DEAD_OR_HUNG | GRAMMAR_AND_EDITOR | FILES | PICTURES | FOLDERS | TABLES


@pytest.mark.parametrize("line", LINES)
def test_a_line_has_its_tests(line: str) -> None:
    for place in LINES[line]:
        file, name = place.split("::")
        assert re.search(rf"^def {name}", (TESTS / file).read_text("utf-8"), re.MULTILINE), place
