/// The arcs that do not come from data: of real time, or of each process.
#pragma once

#include "checker/graph/time_order.h"
#include "checker/transactions/recording.h"

#include <optional>
#include <vector>

namespace verdikt::checker::transactions {

class order_edges {
  public:
    /// `order` is `graph::realtime`, `graph::process` or 0. The history must outlive this object.
    order_edges(const recording& history, graph::reasons order);

    /// Nodes behind those of the rows.
    [[nodiscard]] std::uint32_t more_nodes() const { return time_ ? time_->moments() : 0; }

    template <typename Take>
    void for_each(const Take& take) const {
        if (time_) time_->for_each_edge(take);
        for (std::uint32_t row = 0; row < before_.size(); ++row) {
            if (before_[row] != none) take(graph::edge{before_[row], row, graph::process});
        }
    }

  private:
    std::optional<graph::time_order> time_;
    /// Of each successful row the one before it of its process.
    std::vector<std::uint32_t> before_;
};

/// Everybody of one group of rows comes before everybody of another but himself, with few arcs.
///
/// Many read the last version of a key and many wrote what came after it, in an order that nobody
/// knows. The writers stand in two chains, one that leads to all before a place and one to all
/// after it; a reader leads to the ends of both, and if he is one of the writers to those beside
/// his own place.
class crowd {
  public:
    /// Few writers need no chains. `first_node` is the first of the nodes that the chains take.
    crowd(std::span<const std::uint32_t> writers, std::uint32_t first_node)
        : writers_(writers), first_(first_node) {}

    [[nodiscard]] static std::uint32_t nodes_for(std::size_t writers) {
        return writers > direct_max ? static_cast<std::uint32_t>(2 * writers) : 0;
    }

    template <typename Take>
    void for_each_chain_edge(const Take& take) const {
        if (is_direct()) return;
        for (std::uint32_t at = 0; at < writers_.size(); ++at) {
            take(graph::edge{up_to(at), writers_[at], graph::rw});
            take(graph::edge{from(at), writers_[at], graph::rw});
            if (at == 0) continue;
            take(graph::edge{up_to(at), up_to(at - 1), graph::rw});
            take(graph::edge{from(at - 1), from(at), graph::rw});
        }
    }

    template <typename Take>
    void for_each_edge_of(std::uint32_t reader, const Take& take) const {
        if (is_direct()) {
            for (const std::uint32_t writer : writers_) {
                take(graph::edge{reader, writer, graph::rw});
            }
            return;
        }
        const auto last = static_cast<std::uint32_t>(writers_.size() - 1);
        const std::uint32_t own = place_of(reader);
        if (own == none) {
            take(graph::edge{reader, up_to(last), graph::rw});
            return;
        }
        if (own > 0) take(graph::edge{reader, up_to(own - 1), graph::rw});
        if (own < last) take(graph::edge{reader, from(own + 1), graph::rw});
    }

  private:
    static constexpr std::size_t direct_max = 4;

    [[nodiscard]] bool is_direct() const { return writers_.size() <= direct_max; }
    [[nodiscard]] std::uint32_t up_to(std::uint32_t at) const { return first_ + 2 * at; }
    [[nodiscard]] std::uint32_t from(std::uint32_t at) const { return first_ + 2 * at + 1; }
    [[nodiscard]] std::uint32_t place_of(std::uint32_t row) const;

    /// Sorted, each once.
    std::span<const std::uint32_t> writers_;
    std::uint32_t first_;
};

/// Rows by key, each once, in order.
class rows_by_key {
  public:
    explicit rows_by_key(std::size_t keys) : begins_(keys + 1) {}

    /// All pairs, ascending by row; the rows of one key are looked up afterwards.
    struct pair {
        std::uint32_t key;
        std::uint32_t row;
    };
    void fill(std::vector<pair> pairs);
    [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t key) const {
        return std::span(rows_).subspan(begins_[key], begins_[key + 1] - begins_[key]);
    }

  private:
    std::vector<std::uint32_t> begins_;
    std::vector<std::uint32_t> rows_;
};

}  // namespace verdikt::checker::transactions
