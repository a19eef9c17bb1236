/// What a crash can leave among the files of a partition, and what becomes of it.
#pragma once

#include "broker/storage/segment_files.h"
#include "kafka/types.h"
#include "runtime/files.h"

#include <filesystem>
#include <vector>

namespace verdikt::broker::storage {

/// Removes temporary, deleted and half-compacted files, finishes decided swaps, removes indexes
/// without a log. Durable on return. Returns the bases of the segments that are there, sorted.
[[nodiscard]] file_result<std::vector<kafka::offset>> clear_leftovers(
    runtime::file_system& files, std::filesystem::path directory);

}  // namespace verdikt::broker::storage
