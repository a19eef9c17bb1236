/// A disk that refuses every write while a broker runs on it.
///
/// A kernel makes no file system read-only as long as files on it are open for writing (EBUSY), and
/// to feign an error takes a file system that only root may mount. So the disk is taken away in two
/// parts. A read-only view of it is mounted over it: whatever is opened for writing, made, renamed
/// or removed from then on is refused by the kernel. And writes and syncs of files that are open
/// are refused with the same error (EROFS) by `strace`, which sees each system call of the broker
/// meanwhile. Root of a user namespace may do both, and before and after it costs nothing. Refused
/// are positional writes: a broker that writes to its disk by write(2) would not notice.
#pragma once

#include "nemesis/agent/acts.h"

#include <memory>
#include <optional>
#include <string>

namespace verdikt::nemesis::agent {

/// What speaks against it on this host; nothing if it works. Requires: mounts of its own.
[[nodiscard]] std::optional<std::string> try_read_only_disk();

/// A broker that was refused a write takes no more of them, and mostly ends (the disk may have
/// lost what it cached), so once the disk is writable it is started again. Requires: the host has a
/// broker, and a disk of its own.
[[nodiscard]] std::unique_ptr<act> make_freeze_disk(act_id id, host& on);

}  // namespace verdikt::nemesis::agent
