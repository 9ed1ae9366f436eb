/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ckpt-tree-data.h"

#include <string.h>

/* The most parts that the children of one value come in. */
#define MAX_PARTS 12

/**
 * Part:
 * @kind: how one gets to them
 * @first: number of the first one
 * @stride: 2 for the pairs of a dict, else 1
 * @n: how many
 * @container: the raw container that has the keys and values, or items; for a single child what holds it
 * @position: number of the first one in it
 *
 * Children of one value that lie in one raw container.
 */
typedef struct
{
  CkptStepKind kind;
  guint32 first;
  guint32 stride;
  guint32 n;
  CkptNodeId container;
  guint32 position;
} Part;

typedef struct
{
  CkptTree *tree;
  Part parts[MAX_PARTS];
  guint n_parts;
} Layout;

static guint32
count_of_kind (const Layout *self, CkptStepKind kind)
{
  guint32 n = 0;

  for (guint i = 0; i < self->n_parts; i++)
    if (self->parts[i].kind == kind)
      n += self->parts[i].n;
  return n;
}

static void
add_part (Layout *self, CkptStepKind kind, guint32 stride, guint32 n, CkptNodeId container)
{
  if (n > 0 && self->n_parts < MAX_PARTS)
    {
      guint32 first = count_of_kind (self, kind);

      self->parts[self->n_parts++] = (Part) { kind, first, stride, n, container, stride - 1 };
    }
}

/* Child @position of a raw container, as the only one that is shown of it. */
static void
add_single (Layout *self, CkptStepKind kind, guint32 index, CkptNodeId container, guint32 position)
{
  if (self->n_parts < MAX_PARTS)
    self->parts[self->n_parts++] = (Part) { kind, index, 1, 1, container, position };
}

/* The items of a raw list, tuple or set. */
static void
add_items (Layout *self, CkptStepKind kind, CkptNodeId container)
{
  if (container != CKPT_NO_NODE)
    add_part (self, kind, 1, ckpt_nodes_get_length (self->tree->nodes, container), container);
}

/* The pairs of a raw dict. */
static void
add_pairs (Layout *self, CkptStepKind kind, CkptNodeId dict)
{
  if (dict != CKPT_NO_NODE && ckpt_nodes_get_kind (self->tree->nodes, dict) == CKPT_KIND_DICT)
    add_part (self, kind, 2, ckpt_nodes_get_length (self->tree->nodes, dict) / 2, dict);
}

/* The pairs of a dict, which may be an object that stands for one. FALSE if it is none. */
static gboolean
add_any_pairs (Layout *self, CkptStepKind kind, CkptNodeId node)
{
  const CkptValue *value;

  node = ckpt_tree_resolve (self->tree, node);
  if (ckpt_nodes_get_kind (self->tree->nodes, node) == CKPT_KIND_DICT)
    {
      add_pairs (self, kind, node);
      return TRUE;
    }

  value = ckpt_tree_peek_value (self->tree, node);
  if (value == NULL || value->form != CKPT_FORM_DICT)
    return FALSE;

  add_pairs (self, kind, value->payload);
  add_pairs (self, kind, ckpt_nodes_get_slot (self->tree->nodes, node, CKPT_SLOT_DICT_ITEMS));
  return TRUE;
}

static gboolean
is_dict (CkptTree *tree, CkptNodeId node)
{
  return ckpt_tree_get_kind (tree, node) == CKPT_KIND_DICT;
}

/* copyreg.__reduce_ex__ writes the state of a class with __slots__ as (dict or None, dict of the slots). */
static gboolean
add_slots_state (Layout *self, CkptNodeId state)
{
  const CkptNodeId *items;
  guint32 n;

  if (ckpt_nodes_get_kind (self->tree->nodes, state) != CKPT_KIND_TUPLE)
    return FALSE;

  items = ckpt_nodes_get_children (self->tree->nodes, state, &n);
  if (n != 2 || !is_dict (self->tree, items[1]) ||
      (!is_dict (self->tree, items[0]) && ckpt_tree_get_kind (self->tree, items[0]) != CKPT_KIND_NONE))
    return FALSE;

  add_any_pairs (self, CKPT_STEP_ATTRIBUTE, items[0]);
  add_any_pairs (self, CKPT_STEP_ATTRIBUTE, items[1]);
  return TRUE;
}

/* What is child @position of @holder as the state of an object. */
static void
add_state (Layout *self, CkptNodeId holder, guint32 position)
{
  CkptNodeId state = ckpt_nodes_get_child (self->tree->nodes, holder, position);

  if (state != CKPT_NO_NODE && !add_any_pairs (self, CKPT_STEP_ATTRIBUTE, state) &&
      !add_slots_state (self, state))
    add_single (self, CKPT_STEP_STATE, 0, holder, position);
}

static void
add_arguments (Layout *self, CkptNodeId object)
{
  CkptNodeId arguments = ckpt_nodes_get_slot (self->tree->nodes, object, CKPT_SLOT_ARGS);

  if (arguments == CKPT_NO_NODE)
    return;

  if (ckpt_nodes_get_kind (self->tree->nodes, arguments) == CKPT_KIND_TUPLE)
    add_items (self, CKPT_STEP_ARGUMENT, arguments);
  else
    add_single (self, CKPT_STEP_ARGUMENT, 0, object, CKPT_SLOT_ARGS);
}

static CkptNodeId
get_argument (CkptTree *tree, CkptNodeId arguments, guint32 index)
{
  guint32 n;
  const CkptNodeId *items = ckpt_nodes_get_children (tree->nodes, arguments, &n);

  return index < n ? items[index] : CKPT_NO_NODE;
}

/* One argument of a call, if it is there. */
static void
add_argument (Layout *self, CkptNodeId arguments, guint32 index)
{
  if (get_argument (self->tree, arguments, index) != CKPT_NO_NODE)
    add_single (self, CKPT_STEP_ARGUMENT, index, arguments, index);
}

static gboolean
is_int (CkptTree *tree, CkptNodeId node)
{
  return node != CKPT_NO_NODE && ckpt_nodes_get_kind (tree->nodes, node) == CKPT_KIND_INT;
}

/* What a tensor has beside its data. */
static void
add_tensor_children (Layout *self, CkptNodeId node)
{
  CkptNodes *nodes = self->tree->nodes;
  CkptNodeId arguments = ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_ARGS);
  const CkptGlobal *callable = ckpt_tree_peek_global (self->tree,
                                                      ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_CALLABLE));

  if (callable == NULL || arguments == CKPT_NO_NODE ||
      ckpt_nodes_get_kind (nodes, arguments) != CKPT_KIND_TUPLE)
    return;

  switch ((int) callable->name)
    {
    case CKPT_NAME_REBUILD_SPARSE_TENSOR:
      if (is_int (self->tree,
                  get_argument (self->tree, arguments, 0))) /* TorchScript passes the parts one by one */
        add_arguments (self, node);
      else
        add_argument (self, arguments, 1);
      break;
    case CKPT_NAME_REBUILD_SPARSE_CSR_TENSOR:
      add_argument (self, arguments, 1);
      break;
    case CKPT_NAME_REBUILD_QTENSOR:
      add_argument (self, arguments, 4);
      break;
    case CKPT_NAME_REBUILD_NESTED_TENSOR:
    case CKPT_NAME_REBUILD_JAGGED_TENSOR:
      add_arguments (self, node);
      break;
    case CKPT_NAME_REBUILD_FROM_TYPE:
    case CKPT_NAME_REBUILD_PARAMETER_WITH_STATE:
      if (get_argument (self->tree, arguments, 3) != CKPT_NO_NODE)
        add_state (self, arguments, 3);
      break;
    default:
      break;
    }
}

/* A tensor of PyTorch before 0.4 has its data in its state. */
static void
add_tensor_state (Layout *self, CkptNodeId node)
{
  CkptNodeId state = ckpt_nodes_get_slot (self->tree->nodes, node, CKPT_SLOT_STATE);

  if (state != CKPT_NO_NODE && ckpt_nodes_get_kind (self->tree->nodes, state) != CKPT_KIND_TUPLE)
    add_state (self, node, CKPT_SLOT_STATE);
}

static gboolean
is_made_of_arguments (const CkptValue *value)
{
  return value != NULL && value->form != CKPT_FORM_OBJECT; /* whatever else it is says what they said */
}

static void
add_payload (Layout *self, const CkptValue *value)
{
  if (value == NULL || value->payload == CKPT_NO_NODE)
    return;

  if (value->form == CKPT_FORM_DICT)
    add_pairs (self, CKPT_STEP_KEY, value->payload);
  else if (value->form == CKPT_FORM_SEQUENCE)
    add_items (self, CKPT_STEP_INDEX, value->payload);
}

static void
add_object (Layout *self, CkptNodeId node)
{
  CkptNodes *nodes = self->tree->nodes;
  const CkptValue *value = ckpt_tree_peek_value (self->tree, node);

  add_payload (self, value);
  add_pairs (self, CKPT_STEP_KEY, ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_DICT_ITEMS));
  add_state (self, node, CKPT_SLOT_STATE);
  add_items (self, CKPT_STEP_ITEM, ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_LIST_ITEMS));
  if (!is_made_of_arguments (value))
    add_arguments (self, node);
  add_pairs (self, CKPT_STEP_KEYWORD, ckpt_nodes_get_slot (nodes, node, CKPT_SLOT_KWARGS));
}

static void
add_persistent_id (Layout *self, CkptNodeId node)
{
  if (ckpt_nodes_get_length (self->tree->nodes, node) > 0)
    add_single (self, CKPT_STEP_ARGUMENT, 0, node, 0);
}

static void
layout_init (Layout *self, CkptTree *tree, CkptNodeId node)
{
  self->tree = tree;
  self->n_parts = 0;

  node = ckpt_tree_resolve (tree, node);
  switch ((int) ckpt_nodes_get_kind (tree->nodes, node))
    {
    case CKPT_KIND_DICT:
      add_pairs (self, CKPT_STEP_KEY, node);
      break;
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
      add_items (self, CKPT_STEP_INDEX, node);
      break;
    case CKPT_KIND_OBJECT:
      if (ckpt_tree_get_node_tensor (tree, node) == NULL)
        {
          add_object (self, node);
          break;
        }
      add_tensor_children (self, node);
      add_tensor_state (self, node);
      break;
    case CKPT_KIND_PERSISTENT_ID:
      if (ckpt_tree_get_node_storage (tree, node) == NULL)
        add_persistent_id (self, node);
      break;
    default:
      break;
    }
}

/* The order in which ckpt_tree_get_child() brings the kinds of children. */
static const CkptStepKind step_order[] = {
  CKPT_STEP_KEY,  CKPT_STEP_INDEX,    CKPT_STEP_ATTRIBUTE, CKPT_STEP_STATE,
  CKPT_STEP_ITEM, CKPT_STEP_ARGUMENT, CKPT_STEP_KEYWORD,
};

/**
 * ckpt_tree_get_n_children:
 * @self: a tree
 * @node: a value
 *
 * Returns: values that hang on it
 */
guint32
ckpt_tree_get_n_children (CkptTree *self, CkptNodeId node)
{
  Layout layout;
  guint32 n = 0;

  g_return_val_if_fail (self != NULL, 0);

  layout_init (&layout, self, node);
  for (guint i = 0; i < layout.n_parts; i++)
    n += layout.parts[i].n;
  return n;
}

/**
 * ckpt_tree_count_children:
 * @self: a tree
 * @node: a value
 * @kind: how one gets to them
 *
 * Returns: children of that kind
 */
guint32
ckpt_tree_count_children (CkptTree *self, CkptNodeId node, CkptStepKind kind)
{
  Layout layout;

  layout_init (&layout, self, node);
  return count_of_kind (&layout, kind);
}

/**
 * ckpt_tree_count_parts:
 * @self: a tree
 * @node: a value
 * @kind: how one gets to its children
 *
 * Returns: raw containers in which children of that kind lie: where there are several, a key may be in more than one
 */
guint
ckpt_tree_count_parts (CkptTree *self, CkptNodeId node, CkptStepKind kind)
{
  Layout layout;
  guint n = 0;

  layout_init (&layout, self, node);
  for (guint i = 0; i < layout.n_parts; i++)
    n += layout.parts[i].kind == kind;
  return n;
}

/**
 * ckpt_tree_find_child_place:
 * @self: a tree
 * @node: a value
 * @i: which child, below ckpt_tree_get_n_children()
 * @place: (out): how one gets to it, and where it is held
 *
 * Takes the same time for every @i.
 */
void
ckpt_tree_find_child_place (CkptTree *self, CkptNodeId node, guint32 i, CkptChildPlace *place)
{
  Layout layout;

  layout_init (&layout, self, node);
  for (guint j = 0; j < layout.n_parts; j++)
    {
      const Part *part = &layout.parts[j];

      if (i < part->n)
        {
          *place = (CkptChildPlace) { part->kind, part->first + i, part->container,
                                      part->position + part->stride * i, part->stride };
          return;
        }
      i -= part->n;
    }
  g_return_if_reached ();
}

/**
 * ckpt_tree_get_child:
 * @self: a tree
 * @node: a value
 * @i: which child, below ckpt_tree_get_n_children()
 * @child: (out): the child
 *
 * The children of a dict are its pairs, in the order of the file; then come attributes, state, appended items and arguments of an
 * object. Takes the same time for every @i.
 */
void
ckpt_tree_get_child (CkptTree *self, CkptNodeId node, guint32 i, CkptChild *child)
{
  CkptChildPlace place = { .container = CKPT_NO_NODE };

  g_return_if_fail (self != NULL && child != NULL);

  ckpt_tree_find_child_place (self, node, i, &place);
  g_return_if_fail (place.container != CKPT_NO_NODE);

  child->kind = place.kind;
  child->index = place.index;
  child->key = place.stride == 2 ? ckpt_nodes_get_child (self->nodes, place.container, place.position - 1)
                                 : CKPT_NO_NODE;
  child->node = ckpt_nodes_get_child (self->nodes, place.container, place.position);
}

/**
 * ckpt_tree_find_child:
 * @self: a tree
 * @node: a value
 * @step: the step from it to a child
 *
 * Returns: the number of that child, as ckpt_tree_get_child() takes it; %G_MAXUINT32 if there is none
 */
guint32
ckpt_tree_find_child (CkptTree *self, CkptNodeId node, const CkptChild *step)
{
  guint32 n = ckpt_tree_get_n_children (self, node);
  guint32 before = 0;
  CkptChild child;

  /* Numbers of a kind mostly have no gaps. */
  for (guint i = 0; i < G_N_ELEMENTS (step_order) && step_order[i] != step->kind; i++)
    before += ckpt_tree_count_children (self, node, step_order[i]);
  if (before <= n && step->index < n - before)
    {
      ckpt_tree_get_child (self, node, before + step->index, &child);
      if (child.kind == step->kind && child.index == step->index)
        return before + step->index;
    }
  for (guint32 i = 0; i < n; i++)
    {
      ckpt_tree_get_child (self, node, i, &child);
      if (child.kind == step->kind && child.index == step->index)
        return i;
    }
  return G_MAXUINT32;
}

/**
 * ckpt_tree_get_key:
 * @self: a tree
 * @node: a value
 * @key: a text key of a dict, or name of an attribute of an object
 *
 * Returns: the value there, or %CKPT_NO_NODE
 */
CkptNodeId
ckpt_tree_get_key (CkptTree *self, CkptNodeId node, const char *key)
{
  gsize key_length;
  Layout layout;

  g_return_val_if_fail (self != NULL && key != NULL, CKPT_NO_NODE);

  key_length = strlen (key);
  layout_init (&layout, self, node);
  for (guint i = 0; i < layout.n_parts; i++)
    {
      const Part *part = &layout.parts[i];

      if (part->kind != CKPT_STEP_KEY && part->kind != CKPT_STEP_ATTRIBUTE)
        continue;

      for (guint32 j = 0; j < part->n; j++)
        {
          gsize length;
          CkptNodeId found = ckpt_nodes_get_child (self->nodes, part->container, 2 * j);
          const char *text = ckpt_tree_peek_whole_text (self, found, &length);

          if (text != NULL && length == key_length && memcmp (text, key, length) == 0)
            return ckpt_nodes_get_child (self->nodes, part->container, 2 * j + 1);
        }
    }
  return CKPT_NO_NODE;
}
