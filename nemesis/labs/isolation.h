/// Namespaces for a whole run: what is started in there is gone when the run is, however it ends.
///
/// The run gets a network, a mount table and process numbers of its own, as root or in a user
/// namespace. It stands under an init of its own; when that ends, the kernel kills what is left,
/// and with the processes go networks and mounts. The caller stays outside as a stand-in that
/// passes signals on.
#pragma once

#include <functional>
#include <string>

namespace verdikt::nemesis::labs {

enum class isolation {
    none,            ///< The kernel allows none.
    user_namespace,  ///< Root of a user namespace: network, processes, mounts of tmpfs.
    root,            ///< Real root.
};

struct isolation_found {
    isolation best = isolation::none;
    std::string reason;  ///< Why not better.
};

/// Tries it in a process of its own, and leaves nothing behind.
[[nodiscard]] isolation_found probe_isolation();

/// Runs `body` in namespaces of its own and returns its exit code (128 and the signal's number, if
/// a signal ended it). Throws std::system_error if the kernel refuses.
/// Requires: `how` is not `none`; this process has one thread, and children of it are not waited
/// for elsewhere.
[[nodiscard]] int run_isolated(isolation how, const std::function<int()>& body);

/// The same for the host of one node, which lives within a run's: network, mounts and processes,
/// but the users of the run.
[[nodiscard]] int run_as_host(const std::function<int()>& body);

}  // namespace verdikt::nemesis::labs
