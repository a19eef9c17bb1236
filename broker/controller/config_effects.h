/// What follows at once from a changed setting.
#pragma once

#include "broker/controller/draft.h"
#include "broker/metadata/cluster.h"

namespace verdikt::broker::controller {

/// With another `min.insync.replicas`, other replicas are eligible: once fewer are asked for, the
/// leader may acknowledge what they lack, so they must be struck off together with the change. With
/// unclean elections allowed, partitions without a leader get one.
void follow_config_change(draft& into, const metadata::config_resource& of);

}  // namespace verdikt::broker::controller
