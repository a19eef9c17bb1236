/// lost-update: see checker/transactions/lost_updates.h. A version is a list.
#include "checker/list_append/evidence.h"
#include "checker/transactions/lost_updates.h"

namespace verdikt::checker::list_append {

void check_updates(const evidence& seen, findings& into) {
    transactions::check_lost_updates(
        seen.history.operations,
        static_cast<std::uint32_t>(seen.history.lists.versions().size()),
        [&seen](const step& one) { return seen.key_of(one); },
        seen.asked,
        into);
}

}  // namespace verdikt::checker::list_append
