"""The routes, one subject for each module. An id in a path is written `{name:id}`."""

from starlette.convertors import Convertor, register_url_convertor


class _IdConvertor(Convertor[str]):
    """An id of the store in a path. Anything else is no such page: 404, the same as for an unknown id."""

    regex = "[0-9a-hjkmnp-tv-z]{26}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("id", _IdConvertor())
