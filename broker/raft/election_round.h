/// Who has answered a candidate, and how.
#pragma once

#include "broker/raft/types.h"

#include <map>
#include <vector>

namespace verdikt::broker::raft {

enum class ballot { open, granted, refused };

class election_round {
  public:
    explicit election_round(voter_set voters);

    /// An answer from somebody who is no voter counts for nothing; a second one changes nothing.
    void record(node_id from, ballot answer);

    [[nodiscard]] bool won() const;
    /// So many have refused that a majority is out of reach.
    [[nodiscard]] bool lost() const;
    [[nodiscard]] std::vector<node_id> with(ballot answer) const;

  private:
    voter_set voters_;
    std::map<node_id, ballot> ballots_;
};

}  // namespace verdikt::broker::raft
