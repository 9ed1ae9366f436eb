/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-container-page.h"

#include "stateroom-card.h"
#include "stateroom-format.h"
#include "stateroom-page-header.h"
#include "stateroom-storage-facts.h"

#include <glib/gi18n.h>

#define SPACING 12

/* Children that are shown of each kind; the others are only counted. */
#define MAX_CHILDREN 100

#define N_STEP_KINDS (CKPT_STEP_ITEM + 1)

struct _StateroomContainerPage
{
  AdwBin parent_instance;

  GtkBox *box;
  StateroomPageHeader *header;
  GtkLabel *note;
  StateroomCard *storage_card;
  StateroomFacts *storage_facts;
  StateroomCard *cards[N_STEP_KINDS];
  StateroomFacts *facts[N_STEP_KINDS];
  StateroomStatistics *statistics;

  GCancellable *cancellable; /* while the totals are being computed */
};

typedef struct
{
  CkptTree *tree;
  CkptNodeId node;
  CkptTotal total;
} Job;

G_DEFINE_FINAL_TYPE (StateroomContainerPage, stateroom_container_page, ADW_TYPE_BIN)

static const char *
get_kind_title (CkptStepKind kind)
{
  switch (kind)
    {
    case CKPT_STEP_KEY:
      return _ ("Keys");
    case CKPT_STEP_ATTRIBUTE:
      return _ ("Attributes");
    case CKPT_STEP_STATE:
      return _ ("State");
    case CKPT_STEP_ARGUMENT:
      return _ ("Arguments");
    case CKPT_STEP_KEYWORD:
      return _ ("Keyword Arguments");
    case CKPT_STEP_INDEX:
    case CKPT_STEP_ITEM:
    default:
      return _ ("Items");
    }
}

static void
free_job (gpointer data)
{
  Job *job = data;

  ckpt_tree_unref (job->tree);
  g_free (job->total.name);
  g_free (job);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;

  ckpt_totals_compute (job->tree, job->node, &job->total);
  g_task_return_boolean (task, TRUE);
}

static void
on_totals_computed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  const CkptTotal *total = &((const Job *) g_task_get_task_data (G_TASK (result)))->total;
  g_autofree char *tensors = NULL;
  g_autofree char *count = NULL;
  g_autofree char *values = NULL;
  g_autofree char *size = NULL;
  StateroomContainerPage *self = user_data;

  /* Only cancelling fails, and then the page may be gone. */
  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return;
  g_clear_object (&self->cancellable);
  if (total->n_tensors == 0)
    return;

  tensors = g_strdup_printf (ngettext ("%u tensor", "%u tensors", total->n_tensors), total->n_tensors);
  count = stateroom_format_short_count (total->n_values);
  values = g_strdup_printf (ngettext ("%s value", "%s values", (gulong) total->n_values), count);
  size = stateroom_format_bytes (total->n_bytes);
  stateroom_page_header_add_chip (self->header, tensors, NULL);
  stateroom_page_header_add_chip (self->header, values, _ ("Elements of all tensors, tied ones once"));
  stateroom_page_header_add_chip (self->header, size, _ ("Size of all storages, each once"));
}

static void
compute_totals (StateroomContainerPage *self, CkptTree *tree, CkptNodeId node)
{
  Job *job = g_new0 (Job, 1);
  g_autoptr (GTask) task = NULL;

  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_totals_computed, self);
  job->tree = ckpt_tree_ref (tree);
  job->node = node;
  g_task_set_name (task, "totals");
  g_task_set_task_data (task, job, free_job);
  g_task_run_in_thread (task, run_in_thread);
}

/* "6×3×5×5 · float32 · cuda:1" for a tensor, a word or two for others. */
static char *
describe (CkptTree *tree, CkptNodeId node)
{
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (tree, node);
  g_autofree char *shape = NULL;

  if (tensor == NULL)
    return ckpt_tree_describe (tree, node);
  shape = ckpt_tensor_shape_to_string (tensor);
  return g_strdup_printf ("%s · %s · %s", shape, ckpt_dtype_get_name (tensor->dtype), tensor->device);
}

static void
add_child (StateroomContainerPage *self, CkptTree *tree, const CkptChild *child)
{
  g_autofree char *step = ckpt_path_step_to_label (tree, child);
  g_autofree char *name = stateroom_format_label (step);
  g_autofree char *value = describe (tree, child->node);
  g_autofree char *label = stateroom_format_label (value);

  stateroom_facts_add (self->facts[child->kind], name, label);
}

static CkptStepKind
get_step_kind (CkptTree *tree, CkptNodeId node, guint32 i)
{
  CkptChild child;

  ckpt_tree_get_child (tree, node, i, &child);
  return child.kind;
}

/* Children of one kind follow on each other: where those of the kind of @first end, without looking at each of millions. */
static guint32
find_end (CkptTree *tree, CkptNodeId node, guint32 first, guint32 n_children)
{
  CkptStepKind kind = get_step_kind (tree, node, first);
  guint32 low = first;
  guint32 high = n_children;

  while (high - low > 1)
    {
      guint32 middle = low + (high - low) / 2;

      if (get_step_kind (tree, node, middle) == kind)
        low = middle;
      else
        high = middle;
    }
  return high;
}

static void
show_children_of_kind (StateroomContainerPage *self,
                       CkptTree *tree,
                       CkptNodeId node,
                       guint32 first,
                       guint32 end)
{
  CkptStepKind kind = get_step_kind (tree, node, first);
  guint32 n_shown = MIN (end - first, MAX_CHILDREN);
  gboolean has_others = FALSE;
  g_autofree char *count = stateroom_format_count (end - first);

  for (guint32 i = first; i < first + n_shown; i++)
    {
      CkptChild child;

      ckpt_tree_get_child (tree, node, i, &child);
      has_others = has_others || ckpt_tree_get_node_tensor (tree, child.node) == NULL;
      add_child (self, tree, &child);
    }
  if (end - first > n_shown)
    {
      guint32 n_more = end - first - n_shown;
      g_autofree char *more_count = stateroom_format_count (n_more);
      g_autofree char *more = g_strdup_printf (ngettext ("and %s more", "and %s more", n_more), more_count);

      stateroom_facts_add (self->facts[kind], "", more);
    }
  stateroom_card_set_note (self->cards[kind], count);
  /* Tensors are in the table of the statistics. */
  gtk_widget_set_visible (GTK_WIDGET (self->cards[kind]), has_others);
}

static void
show_children (StateroomContainerPage *self, CkptTree *tree, CkptNodeId node)
{
  guint32 n_children = ckpt_tree_get_n_children (tree, node);
  guint32 end;

  for (guint kind = 0; kind < N_STEP_KINDS; kind++)
    {
      stateroom_facts_clear (self->facts[kind]);
      gtk_widget_set_visible (GTK_WIDGET (self->cards[kind]), FALSE);
    }
  for (guint32 first = 0; first < n_children; first = end)
    {
      end = find_end (tree, node, first, n_children);
      show_children_of_kind (self, tree, node, first, end);
    }
}

static const char *
get_type_name (CkptKind kind)
{
  switch (kind)
    {
    case CKPT_KIND_LIST:
      return "list";
    case CKPT_KIND_TUPLE:
      return "tuple";
    case CKPT_KIND_DICT:
      return "dict";
    case CKPT_KIND_SET:
      return "set";
    case CKPT_KIND_FROZENSET:
      return "frozenset";
    case CKPT_KIND_STORAGE:
      return _ ("storage");
    case CKPT_KIND_OBJECT:
      return _ ("object");
    case CKPT_KIND_NONE:
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
    case CKPT_KIND_GLOBAL:
    case CKPT_KIND_TENSOR:
    case CKPT_KIND_PERSISTENT_ID:
    default:
      return NULL;
    }
}

static void
show_storage (StateroomContainerPage *self, CkptTree *tree, CkptNodeId node)
{
  const CkptStorage *storage = ckpt_tree_get_node_storage (tree, node);

  stateroom_facts_clear (self->storage_facts);
  if (storage != NULL)
    stateroom_storage_facts_add (self->storage_facts, tree, storage);
  gtk_widget_set_visible (GTK_WIDGET (self->storage_card), storage != NULL);
}

static void
stateroom_container_page_dispose (GObject *object)
{
  StateroomContainerPage *self = STATEROOM_CONTAINER_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (stateroom_container_page_parent_class)->dispose (object);
}

static void
stateroom_container_page_class_init (StateroomContainerPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_container_page_dispose;
}

static StateroomFacts *
add_card (StateroomContainerPage *self, const char *title, StateroomCard **card)
{
  GtkWidget *facts = stateroom_facts_new ();

  *card = g_object_new (STATEROOM_TYPE_CARD, "title", title, NULL);
  gtk_box_append (GTK_BOX (*card), facts);
  gtk_box_append (self->box, GTK_WIDGET (*card));
  return STATEROOM_FACTS (facts);
}

static void
stateroom_container_page_init (StateroomContainerPage *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  self->header = STATEROOM_PAGE_HEADER (stateroom_page_header_new ());
  gtk_box_append (self->box, GTK_WIDGET (self->header));
  self->note = GTK_LABEL (g_object_new (GTK_TYPE_LABEL, "xalign", 0.0f, "wrap", TRUE, NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "dimmed");
  gtk_box_append (self->box, GTK_WIDGET (self->note));
  self->storage_facts = add_card (self, _ ("Storage"), &self->storage_card);
  self->statistics = STATEROOM_STATISTICS (stateroom_statistics_new ());
  gtk_box_append (self->box, GTK_WIDGET (self->statistics));
  for (guint kind = 0; kind < N_STEP_KINDS; kind++)
    {
      self->facts[kind] = add_card (self, get_kind_title (kind), &self->cards[kind]);
      stateroom_facts_set_selectable (self->facts[kind], FALSE);
    }
}

/**
 * stateroom_container_page_new:
 *
 * Returns: (transfer floating): an empty page
 */
GtkWidget *
stateroom_container_page_new (void)
{
  return g_object_new (STATEROOM_TYPE_CONTAINER_PAGE, NULL);
}

/**
 * stateroom_container_page_show:
 * @survey: the statistics of a file
 * @path: where the value is
 * @node: the value
 *
 * Shows what a value holds: the children at once, the totals of its tensors a little later.
 */
void
stateroom_container_page_show (StateroomContainerPage *self,
                               StateroomSurvey *survey,
                               const CkptPath *path,
                               CkptNodeId node)
{
  CkptTree *tree = stateroom_survey_get_tree (survey);
  CkptKind kind = ckpt_tree_get_kind (tree, node);
  const char *class_name = ckpt_tree_get_class_name (tree, node);

  stateroom_container_page_clear (self);
  stateroom_page_header_set_path (self->header, tree, path);
  stateroom_page_header_clear_chips (self->header);
  stateroom_page_header_add_chip (self->header, class_name != NULL ? class_name : get_type_name (kind),
                                  _ ("Type"));
  gtk_label_set_text (self->note,
                      _ ("What the file says to make this object of. Stateroom does not make it."));
  gtk_widget_set_visible (GTK_WIDGET (self->note), kind == CKPT_KIND_OBJECT);
  show_storage (self, tree, node);
  show_children (self, tree, node);
  compute_totals (self, tree, node);
  stateroom_statistics_show_path (self->statistics, survey, path);
}

/**
 * stateroom_container_page_clear:
 *
 * Stops what is being computed.
 */
void
stateroom_container_page_clear (StateroomContainerPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  stateroom_statistics_clear (self->statistics);
}

/**
 * stateroom_container_page_is_busy:
 *
 * Returns: whether totals are still being computed
 */
gboolean
stateroom_container_page_is_busy (StateroomContainerPage *self)
{
  return self->cancellable != NULL || stateroom_statistics_is_busy (self->statistics);
}

/**
 * stateroom_container_page_get_statistics:
 *
 * Returns: (transfer none): what is known of the tensors in it
 */
StateroomStatistics *
stateroom_container_page_get_statistics (StateroomContainerPage *self)
{
  return self->statistics;
}

/**
 * stateroom_container_page_get_facts:
 * @kind: a kind of children
 *
 * Returns: (transfer none): the list of them
 */
StateroomFacts *
stateroom_container_page_get_facts (StateroomContainerPage *self, CkptStepKind kind)
{
  return self->facts[kind];
}
