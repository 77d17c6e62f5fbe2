from thanosql_kernel.models.spec import SPECS, builtin_models, find_spec


def test_every_alias_finds_its_spec_in_any_letter_case():
    for spec in SPECS.values():
        for name in (spec.name, *spec.aliases):
            assert find_spec(name) is spec
            assert find_spec(name.upper()) is spec


def test_an_unknown_name_finds_no_spec():
    assert find_spec("clap") is None


def test_names_and_aliases_are_unique():
    names = [name for spec in SPECS.values() for name in (spec.name, *spec.aliases)]
    assert len(names) == len(set(names))


def test_generated_column_suffixes_are_unique():
    assert len({spec.base for spec in SPECS.values()}) == len(SPECS)


def test_a_new_database_has_the_model_of_the_original_tutorial():
    assert builtin_models()["tutorial_search_clip"] == "clip"
    assert SPECS["clip"].base == "clipen"


def test_the_keys_are_the_names():
    assert all(key == spec.name for key, spec in SPECS.items())
