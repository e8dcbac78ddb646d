"""What can be wrong with a project."""

from __future__ import annotations

from particle_cli.domain.errors import DomainError


class ProjectError(DomainError):
    """Something about a project on disk is not as it must be."""

    code = "project"


class SourceMissing(ProjectError):
    """A file or folder named by the person isn't there."""

    code = "source_missing"


class SourcesClash(ProjectError):
    """Two files would have one path in the project."""

    code = "sources_clash"


class SourceOutside(ProjectError):
    """A file outside the project was asked for."""

    code = "source_outside"


class NoSource(ProjectError):
    """There is nothing to compile."""

    code = "no_source"


class NotASketch(ProjectError):
    """The file that is to be preprocessed is no text."""

    code = "not_a_sketch"


class AssetsMissing(ProjectError):
    """The assets that a project speaks of aren't to be had."""

    code = "assets_missing"


class EnvironmentUnreadable(ProjectError):
    """The file of environment variables can't be used."""

    code = "environment_unreadable"


class NotAProjectName(ProjectError):
    """The name won't do for a project."""

    code = "project_name"
