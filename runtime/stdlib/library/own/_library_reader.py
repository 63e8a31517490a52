"""How importlib.resources looks into the packages of the embedded library, where no files stand."""

import io
import pkgutil
from importlib.resources import abc


class _Entry(abc.Traversable):
    """A folder or file of the library, by the path that it seems to have."""

    def __init__(self, loader, path, is_folder):
        self._loader = loader
        self._path = path
        self._is_folder = is_folder

    @property
    def name(self):
        return self._path.rpartition("/")[2]

    def __str__(self):
        return self._path

    def is_dir(self):
        return self._is_folder

    def is_file(self):
        return not self._is_folder

    def iterdir(self):
        if not self._is_folder:
            raise NotADirectoryError(self._path)
        # The package itself, which its finder does not name.
        if not self._path.endswith("/python3.12"):
            yield _Entry(self._loader, self._path + "/__init__.py", False)
        for name, is_package in pkgutil.get_importer(self._path).iter_modules():
            if is_package:
                yield _Entry(self._loader, f"{self._path}/{name}", True)
            else:
                yield _Entry(self._loader, f"{self._path}/{name}.py", False)

    def open(self, mode="r", *args, **kwargs):
        if self._is_folder:
            raise IsADirectoryError(self._path)
        if mode not in ("r", "rb"):
            raise ValueError(f"Invalid mode value {mode!r}, only 'r' and 'rb' are supported")
        stream = io.BytesIO(self._loader.get_data(self._path))
        return stream if mode == "rb" else io.TextIOWrapper(stream, *args, **kwargs)


class LibraryReader(abc.TraversableResources):
    """The resources of a package."""

    def __init__(self, loader, folder):
        self._loader = loader
        self._folder = folder

    def files(self):
        return _Entry(self._loader, self._folder, True)
