"""What the service keeps is for its own user alone."""

from core.running.private_files import close_to_others, is_open_to_others


def test_files_and_folders_are_closed_and_what_is_not_there_is_no_matter(tmp_path):
    file, folder, link = tmp_path / "file", tmp_path / "folder", tmp_path / "link"
    file.touch(mode=0o644)
    folder.mkdir(mode=0o755)
    target = tmp_path / "theirs"
    target.touch(mode=0o644)
    link.symlink_to(target)
    assert (is_open_to_others(file), is_open_to_others(folder)) == (True, True)
    close_to_others([file, folder, link, tmp_path / "nothing"])
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert target.stat().st_mode & 0o777 == 0o644
    assert not is_open_to_others(tmp_path / "nothing")
