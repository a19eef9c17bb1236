/// Nodes as processes on this machine.
///
/// `local`: each node in its own network, process and mount namespaces, joined by a bridge in the
/// namespace of the run; call it within `run_isolated`. The clients are this very process.
/// `processes`: plain processes on the loopback interface; nothing but signals can be done to them.
///
/// Either way each node has an agent beside its broker, which does what is done on a node.
#pragma once

#include "nemesis/lab.h"
#include "runtime/real/world.h"

#include <memory>

namespace verdikt::nemesis::labs {

struct local_lab_options {
    std::filesystem::path folder;  ///< Made where it is missing; a folder `node-N` for each node.
    std::int32_t nodes = 3;
    std::vector<std::string> overrides = {};  ///< key=value, for every broker.
    /// Each node's data lie on a disk of that size, in memory. 0: in the folder, and the disk
    /// cannot be filled.
    std::int64_t disk_bytes = 0;
    /// The program that runs as broker and agent; empty: this very one.
    std::filesystem::path program = {};
};

[[nodiscard]] std::unique_ptr<lab> make_local_lab(runtime::real::world& world,
                                                  local_lab_options options);
[[nodiscard]] std::unique_ptr<lab> make_process_lab(runtime::real::world& world,
                                                    local_lab_options options);

}  // namespace verdikt::nemesis::labs
